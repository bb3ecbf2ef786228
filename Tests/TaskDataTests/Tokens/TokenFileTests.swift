import HDF5
import Records
import TaskData
import Tensors
import TestSupport
import Testing

/// Sets of texts as token ids.
struct TokenFileTests {
  /// Three texts of 2, 4 and 3 tokens in 6 places, padded with 0.
  private static let ids: [Int32] = [
    11, 12, 0, 0, 0, 0, 21, 22, 23, 24, 0, 0, 31, 32, 33, 0, 0, 0,
  ]
  private static let mask: [Int32] = [1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0]
  private static let input = TokenInput(
    vocabulary: 40, types: 2, largestLength: 16, padding: 0, allowsLeftPadding: false)

  private func read(
    _ input: TokenInput = input, _ options: DatasetOptions = DatasetOptions(),
    writing: (HDF5Group) throws -> Void
  ) throws -> LabeledDataset {
    let folder = try TemporaryFolder()
    let path = folder.path("texts.h5")
    try HDF5File.replacing(path, attempt: "test") { root in
      try writing(root)
      if try !root.contains("labels") {
        _ = try root.write([0, 1, 1] as [Int32], shape: [3], to: "labels")
      }
    }
    var options = options
    options.tokens = input
    return try DatasetFile.read(path, options)
  }

  private func refusal(
    _ input: TokenInput = input, _ options: DatasetOptions = DatasetOptions(),
    writing: (HDF5Group) throws -> Void
  ) throws -> Failure {
    try #require(throws: Failure.self) { try read(input, options, writing: writing) }
  }

  private func write(_ ids: [Int32], _ mask: [Int32]?, to root: HDF5Group) throws {
    _ = try root.write(ids, shape: [3, 6], to: "input_ids")
    if let mask { _ = try root.write(mask, shape: [3, 6], to: "attention_mask") }
  }

  /// The numbers of a place for each text.
  private func place(_ index: Int, of set: LabeledDataset) throws -> [[Float]] {
    let length = set.train.shape.width
    let pixels = try set.train.pixels
    return (0..<set.train.count).map { text in
      let start = 3 * (text * length + index)
      return Array(pixels[start..<start + 3])
    }
  }

  /// Ids, mask and types become three numbers per place; the length is a multiple of 8.
  @Test func texts() throws {
    let set = try read { root in
      try write(Self.ids, Self.mask, to: root)
      let types = Self.ids.map { $0 % 10 > 2 ? Int32(1) : 0 }
      _ = try root.write(types, shape: [3, 6], to: "token_type_ids")
    }
    #expect(set.train.shape == ImageShape(height: 1, width: 8, channels: 3))
    #expect(set.train.labels == [0, 1, 1])
    #expect(try place(0, of: set) == [[11, 1, 0], [21, 1, 0], [31, 1, 0]])
    #expect(try place(2, of: set) == [[0, 0, 0], [23, 1, 1], [33, 1, 1]])
    #expect(try place(7, of: set) == [[0, 0, 0], [0, 0, 0], [0, 0, 0]])
    let summary = try #require(set.tokens)
    #expect(summary.longest == 4 && summary.median == 3 && summary.mean == 3)
    #expect(summary.largestID == 33)
  }

  /// A mask may be given by lengths, or by the id of padding at the ends.
  @Test func otherMasks() throws {
    let masked = try read { try write(Self.ids, Self.mask, to: $0) }
    let byLength = try read { root in
      try write(Self.ids, nil, to: root)
      _ = try root.write([2, 4, 3] as [Int32], shape: [3], to: "lengths")
    }
    let byPadding = try read { try write(Self.ids, nil, to: $0) }
    #expect(byLength.digest == masked.digest)
    #expect(byPadding.digest == masked.digest)
    #expect(byPadding.notes.contains { $0.contains("There is no mask") })
    #expect(!byLength.notes.contains { $0.contains("There is no mask") })
  }

  /// Ids under the padding do not matter, nor do whole floats and other names.
  @Test func sameTexts() throws {
    let masked = try read { try write(Self.ids, Self.mask, to: $0) }
    let other = zip(Self.ids, Self.mask).map { $1 == 0 ? Int32(-100) : $0 }
    let renamed = try read { root in
      let floats = other.map { Float($0) }
      _ = try root.write(floats, shape: [3, 6], to: "token_ids")
      _ = try root.write(Self.mask.map { UInt8($0) }, shape: [3, 6], to: "padding_mask")
    }
    #expect(renamed.digest == masked.digest)
  }

  /// `maxLength` keeps the first tokens and says how many texts were cut.
  @Test func maxLength() throws {
    var options = DatasetOptions()
    options.maxLength = 3
    let set = try read(Self.input, options) { try write(Self.ids, Self.mask, to: $0) }
    #expect(try place(2, of: set) == [[0, 0, 0], [23, 1, 0], [33, 1, 0]])
    #expect(try place(3, of: set).allSatisfy { $0 == [0, 0, 0] })
    #expect(set.notes.contains("1 text is cut to 3 places."))
  }

  /// The length does not exceed that of the network.
  @Test func largestLength() throws {
    var input = Self.input
    input.largestLength = 5
    let set = try read(input) { try write(Self.ids, Self.mask, to: $0) }
    #expect(set.train.shape.width == 5)
    input.largestLength = 3
    let failure = try refusal(input) { try write(Self.ids, Self.mask, to: $0) }
    #expect(failure.reason.contains("has 4 tokens, but the network takes 3"))
    #expect(failure.remedy?.contains("`maxLength` = 3") == true)
  }

  /// Padding may come first where places are not counted; the tokens then end the text.
  @Test func leftPadding() throws {
    func mirrored(_ values: [Int32]) -> [Int32] {
      (0..<3).flatMap { values[6 * $0..<6 * ($0 + 1)].reversed() }
    }
    let (ids, mask) = (mirrored(Self.ids), mirrored(Self.mask))
    let failure = try refusal { try write(ids, mask, to: $0) }
    #expect(failure.reason.contains("padding of text 0 comes before"))
    let set = try read(TokenInput()) { try write(ids, mask, to: $0) }
    #expect(set.train.shape.width == 8)
    #expect(try place(7, of: set) == [[11, 1, 0], [21, 1, 0], [31, 1, 0]])
    #expect(try place(5, of: set) == [[0, 0, 0], [23, 1, 0], [33, 1, 0]])
  }

  /// Parts have one length.
  @Test func parts() throws {
    let set = try read { root in
      for (part, ids) in [("train", Self.ids), ("test", Self.ids.map { min($0 + 1, 39) })] {
        let group = try root.createGroup(part)
        _ = try group.write(ids, shape: [3, 6], to: "input_ids")
        _ = try group.write(Self.mask, shape: [3, 6], to: "attention_mask")
        _ = try group.write([0, 1, 1] as [Int32], shape: [3], to: "labels")
      }
      _ = try root.createGroup("labels")
    }
    #expect(set.test?.shape == set.train.shape)
    #expect(try set.test?.image(0).prefix(3) == [12, 1, 0])
  }

  struct Bad: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var ids = TokenFileTests.ids
    var mask = TokenFileTests.mask
    var shape = [3, 6]
    let words: String
  }

  static let bad: [Bad] = [
    Bad(
      testDescription: "id of another vocabulary", ids: [40] + ids.dropFirst(),
      words: "text 0 has the id 40 at place 0, but ids are 0..<40"),
    Bad(testDescription: "mark of labels", ids: [-100] + ids.dropFirst(), words: "-100"),
    Bad(
      testDescription: "no token", mask: [0, 0] + mask.dropFirst(2),
      words: "text 0 has no token"),
    Bad(
      testDescription: "additive mask", mask: mask.map { $0 == 1 ? 0 : -10_000 },
      words: "added to scores"),
    Bad(testDescription: "mask of twos", mask: mask.map { $0 * 2 }, words: "neither 0 nor 1"),
    Bad(testDescription: "mask of another shape", shape: [6, 3], words: "its shape is [6, 3]"),
  ]

  /// What is wrong is named with its text and place.
  @Test(arguments: bad) func badInput(_ bad: Bad) throws {
    let failure = try refusal { root in
      _ = try root.write(bad.ids, shape: [3, 6], to: "input_ids")
      _ = try root.write(bad.mask, shape: bad.shape, to: "attention_mask")
    }
    #expect(failure.kind == .badData)
    #expect(failure.reason.contains(bad.words), "\(failure)")
  }

  /// Types beyond those of the network are refused; a network without types ignores them.
  @Test func types() throws {
    let writing: (HDF5Group) throws -> Void = { root in
      try write(Self.ids, Self.mask, to: root)
      _ = try root.write(Self.mask.map { $0 * 2 }, shape: [3, 6], to: "token_type_ids")
    }
    #expect(try refusal(writing: writing).reason.contains("the type 2 at place 0"))
    var input = Self.input
    input.types = 0
    #expect(
      try place(0, of: read(input, writing: writing)) == [[11, 1, 0], [21, 1, 0], [31, 1, 0]])
  }

  /// Numbers of images under `ids` are no texts; a table of ids is.
  @Test(arguments: [([3], false), ([3, 1], false), ([3, 2], true)])
  func idsBesideImages(shape: [Int], areTexts: Bool) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("images.h5")
    try HDF5File.replacing(path, attempt: "test") { root in
      _ = try root.write([Float](repeating: 0.5, count: 48), shape: [3, 4, 4, 1], to: "x")
      let ids = [Int32](repeating: 1, count: shape.reduce(1, *))
      _ = try root.write(ids, shape: shape, to: "ids")
    }
    #expect(try DatasetFile.holdsTokens(HDF5File.open(path).root) == areTexts)
  }

  /// Options about images are refused.
  @Test func imageOptions() throws {
    var options = DatasetOptions()
    options.resize = ImageSize("8")
    let failure = try refusal(Self.input, options) { try write(Self.ids, Self.mask, to: $0) }
    #expect(failure.kind == .usage)
    #expect(failure.subject == "`resize`")
  }

  /// Fractions and tables of other axes are no ids.
  @Test func otherElements() throws {
    let fractions = try refusal { root in
      _ = try root.write(Self.ids.map { Float($0) + 0.5 }, shape: [3, 6], to: "input_ids")
    }
    #expect(fractions.reason.contains("not a whole number"))
    let axes = try refusal { root in
      _ = try root.write(Self.ids, shape: [3, 3, 2], to: "input_ids")
    }
    #expect(axes.reason.contains("not [count, length]"))
    let texts = try refusal { root in
      _ = try root.write(["a text", "another", "a third"], shape: [3], to: "input_ids")
    }
    #expect(texts.reason.contains("texts, not token ids"))
    #expect(texts.remedy?.contains("encode_batch") == true)
  }
}
