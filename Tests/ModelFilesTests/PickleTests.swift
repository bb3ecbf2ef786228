import Foundation
import ModelFiles
import NeuralNetwork
import Records
import Tensors
import TestSupport
import Testing

/// Pickles that no state dict has, put together by hand, and damaged ones.
struct PickleTests {
  private typealias I = Instructions

  private func failure(
    reading pickle: [UInt8], _ storages: [[UInt8]] = [[UInt8](repeating: 0, count: 16)]
  ) throws -> Failure {
    let folder = try TemporaryFolder()
    try TorchArchiveBuilder.checkpoint(pickle, storages)
      .write(to: folder.url.appending(path: "m.pth"))
    return try #require(throws: Failure.self) { try ModelFile.read(folder.path("m.pth")) }
  }

  struct Bad: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let pickle: [UInt8]
    let words: String

    init(_ name: String, _ value: [UInt8], _ words: String) {
      (testDescription, pickle, self.words) = (name, I.pickle(value), words)
    }

    init(_ name: String, raw: [UInt8], _ words: String) {
      (testDescription, pickle, self.words) = (name, raw, words)
    }
  }

  private static func short(_ text: String) -> [UInt8] {
    I.join([0x8C, UInt8(text.utf8.count)], Array(text.utf8))
  }

  private static func call(_ module: String, _ name: String, _ argument: String) -> [UInt8] {
    I.join(I.name(module, name), I.tuple([I.text(argument)]), I.call)
  }

  static let foreign = [
    Bad("a call of os.system", call("posix", "system", "touch x"), "'posix.system'"),
    Bad("a call of eval", call("builtins", "eval", "1"), "'builtins.eval'"),
    Bad("a name alone", I.name("subprocess", "Popen"), "'subprocess.Popen'"),
    Bad(
      "a name of protocol 4",
      raw: I.join([0x80, 4], short("builtins"), short("exec"), [0x93], I.stop), "'builtins.exec'"),
    Bad("another function of PyTorch", I.name("torch", "load"), "'torch.load'"),
    Bad(
      "another tensor of PyTorch", I.name("torch._utils", "_rebuild_sparse_tensor"),
      "'torch._utils._rebuild_sparse_tensor'"),
    Bad("complex numbers", I.storage("0", 2, type: "ComplexFloatStorage"), "ComplexFloatStorage"),
    Bad("a new object", I.join(I.name("collections", "OrderedDict"), [0x29, 0x81]), "0x81"),
    Bad("an object of protocol 0", Array("(iposix\nsystem\n".utf8), "0x69"),
    Bad("an extension", [0x82, 1], "0x82"),
    Bad("a set", [0x8F], "0x8F"),
    Bad("a dictionary of arguments", call("collections", "OrderedDict", "a"), "not a function"),
    Bad("a call of a type", I.join(I.name("torch", "float32"), [0x29], I.call), "not a function"),
    Bad(
      "attributes",
      I.join(I.dictionary([]), I.dictionary([("__class__", I.text("a"))]), [0x62]),
      "sets attributes"),
    Bad(
      "attributes that are set twice",
      I.join(
        I.dictionary([]), I.dictionary([("_metadata", [0x4E]), ("_metadata", [0x4E])]), [0x62]),
      "sets attributes"),
  ]

  /// A pickle that asks for more than tensors is refused with what it asks for; the remedy begins
  /// with one that runs nothing.
  @Test(arguments: foreign) func programs(_ bad: Bad) throws {
    let failure = try failure(reading: bad.pickle)
    #expect(failure.kind == .badData)
    #expect(failure.subject?.hasSuffix(":data.pkl") == true)
    #expect(failure.reason.contains(bad.words), "\(failure)")
    #expect(failure.remedy?.hasPrefix("Ask for its state dict") == true)
  }

  static let damaged = [
    Bad("empty", raw: [], "cut off"),
    Bad("without a protocol", raw: I.join(I.text("a"), I.stop), "does not begin"),
    Bad("of protocol 0", raw: [0x80, 0x00, 0x2E], "protocol 0"),
    Bad("of protocol 6", raw: [0x80, 0x06, 0x2E], "protocol 6"),
    Bad("two protocols", I.start, "begins twice"),
    Bad("nothing", [], "one value"),
    Bad("two values", [0x29, 0x29], "one value"),
    Bad("an open mark", I.mark, "one value"),
    Bad("bytes after its end", raw: [0x80, 2, 0x29, 0x2E, 0], "one value"),
    Bad("a pair of nothing", [0x86], "not made"),
    Bad("a value from before a mark", [0x29, 0x28, 0x85], "not made"),
    Bad("no mark", [0x74], "lacks a mark"),
    Bad("an unknown memory", [0x68, 5], "not stored"),
    Bad("a memory of nothing", [0x71, 0], "not made"),
    Bad("a list that is a tuple", Array(")Na".utf8), "not a list"),
    Bad("items of a list", Array("](NNu".utf8), "not a dictionary"),
    Bad("half an item", Array("}(Nu".utf8), "not a dictionary"),
    Bad("a name that is a number", I.join(I.integer(1), I.integer(2), [0x93]), "not a text"),
    Bad("a text beyond the end", [0x58, 0xFF, 0xFF, 0, 0], "cut off"),
    Bad("a text of 4 GB", [0x58, 0xFF, 0xFF, 0xFF, 0xFF], "4294967295 bytes"),
    Bad("a text of 2^63 bytes", [0x8D, 0, 0, 0, 0, 0, 0, 0, 0x80], "cut off"),
    Bad("a text that is not UTF-8", [0x58, 1, 0, 0, 0, 0xFF], "UTF-8"),
    Bad("a long name", I.name(String(repeating: "a", count: 1_001), "b"), "more than 1000 bytes"),
    Bad("a storage that is a text", I.join(I.text("x"), [0x51]), "not a storage"),
    Bad("a storage of -1 elements", I.storage("0", -1), "not a storage"),
    Bad("a call of a text", I.join(I.text("x"), [0x29], I.call), "not a function"),
    Bad("a tensor of a text", call("torch._utils", "_rebuild_tensor_v2", "a"), "as PyTorch makes"),
    Bad("a parameter of a text", call("torch._utils", "_rebuild_parameter", "a"), "not a tensor"),
  ]

  /// A pickle that makes no sense is refused with the reason.
  @Test(arguments: damaged) func nonsense(_ bad: Bad) throws {
    let failure = try failure(reading: bad.pickle)
    #expect(failure.kind == .badData)
    #expect(failure.reason.contains(bad.words), "\(failure)")
  }

  static let misplaced: [(Int, [Int], [Int])] = [
    (0, [5], [1]), (1, [4], [1]), (4, [1], [1]), (-1, [1], [1]), (0, [-1], [1]), (0, [2], [-1]),
    (0, [2, 2], [3, 1]), (0, [2], []), (0, [], [1]), (Int.max, [2], [1]), (0, [2], [Int.max]),
    (0, [3, 3], [Int.max / 2, Int.max / 2]), (0, [Int.max, Int.max], [0, 0]),
    (0, [Int.max], [0]), (0, [1, 1, 1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1, 1, 1]),
  ]

  /// Tensors that are not in their storage of four elements are refused.
  @Test(arguments: misplaced)
  func views(_ offset: Int, _ shape: [Int], _ strides: [Int]) throws {
    let tensor = I.tensor(I.storage("0", 4), offset: offset, shape, strides)
    let failure = try failure(reading: I.pickle(I.dictionary([("a.weight", tensor)])))
    #expect(failure.reason.contains("does not fit its storage of 4 elements"), "\(failure)")
  }

  /// Storages are in the archive, and have as many bytes as their elements need.
  @Test func storages() throws {
    func failure(_ storage: [UInt8]) throws -> Failure {
      try self.failure(reading: I.pickle(I.dictionary([("a.weight", I.tensor(storage, [], []))])))
    }
    #expect(try failure(I.storage("7", 4)).reason.contains("no member 'm/data/7'"))
    let short = try failure(I.storage("0", 5))
    #expect(short.reason.contains("16 bytes, not those of 5 elements of F32"))
    #expect(try failure(I.storage("0", Int.max)).reason.contains("16 bytes"))
    #expect(try failure(I.storage("../data.pkl", 1)).reason.contains("no member"))
  }

  /// Views that would fill the memory are refused before they are read.
  @Test func largeViews() throws {
    let tensor = I.tensor(I.storage("0", 4), [1 << 20, 1 << 10], [0, 0])
    let failure = try failure(reading: I.pickle(I.dictionary([("a.weight", tensor)])))
    #expect(failure.reason.contains("4 times as large as the file"))
    #expect(failure.remedy?.contains("v.clone()") == true)
  }

  /// Nesting and numbers of values are limited; references and cycles are not followed.
  @Test func bombs() throws {
    func many(_ instruction: UInt8, _ count: Int) -> [UInt8] {
      [UInt8](repeating: instruction, count: count)
    }
    let deep = try failure(reading: I.join(I.start, many(0x28, 5_000)))
    #expect(deep.reason.contains("nested more than 1000 times"))
    let values = try failure(reading: I.join(I.start, many(0x29, 2_000_001)))
    #expect(values.reason.contains("more than 2000000 values"))
    let stored = try failure(reading: I.join(I.start, [0x29], many(0x94, 2_000_001)))
    #expect(stored.reason.contains("stores more than 2000000 values"))
    // Every list has the one before it twice: 2^200 elements, if they were counted.
    var doubled: [UInt8] = [0x5D, 0x71, 0]
    for level: UInt8 in 1...200 {
      doubled += [0x5D, 0x28, 0x68, level - 1, 0x68, level - 1, 0x65, 0x71, level]
    }
    #expect(try failure(reading: I.pickle(doubled)).reason.contains("one value"))
    // A dictionary in itself, and a long chain of dictionaries, each in the one before it.
    let cycle = I.join([0x7D, 0x71, 0], I.text("a.weight"), [0x68, 0, 0x73])
    #expect(try failure(reading: I.pickle(cycle)).reason.contains("no tensors"))
    var chain: [UInt8] = [0x7D, 0x71, 0]
    let link = I.join([0x68, 0], I.text("a"), [0x7D, 0x71, 0, 0x73])
    for _ in 0..<100_000 { chain += link }
    #expect(try failure(reading: I.pickle(chain)).reason.contains("one value"))
  }

  /// A dictionary that is the value of many items is searched once, and a text that is the key of
  /// many items is not copied for each.
  @Test func repetitions() throws {
    func repeated(_ instructions: [UInt8]) -> [UInt8] {
      Array(repeatElement(instructions, count: 200_000).joined())
    }
    let large = I.join([0x7D, 0x28], repeated([0x68, 1, 0x4E]), [0x75, 0x71, 2])
    let items = I.join(I.text("a"), [0x71, 1], large, repeated([0x68, 1, 0x68, 2]))
    let same = try failure(reading: I.pickle(I.join([0x7D, 0x28], items, [0x75])))
    #expect(same.reason.contains("no tensors with names of PyTorch's modules, only a, a"))
    let tensor = I.tensor(I.storage("0", 4), [4], [1])
    for (length, words) in [(500, "known network"), (501, "no tensors")] {
      let name = String(repeating: "a", count: length - 7) + ".weight"
      let long = try failure(reading: I.pickle(I.dictionary([(name, tensor)])))
      #expect(long.reason.contains(words), "\(length) bytes")
    }
  }

  /// A network has at most 5,000 modules.
  @Test func modules() throws {
    let tensor = I.tensor(I.storage("0", 1), [1, 1, 1, 1], [1, 1, 1, 1])
    let names = (0...5_000).map { ("features.\($0).weight", tensor) }
    let failure = try failure(reading: I.pickle(I.dictionary(names)))
    #expect(failure.reason.hasPrefix("it has 5001 modules"))
  }

  /// A member whose header would be at the largest number is refused.
  @Test func placeOfMember() throws {
    let original = TorchArchiveBuilder.archive([("m/data.pkl", I.pickle([0x7D]))])
    var archive = Array(original)
    let directory = try #require(
      archive.indices.first { archive[$0...].starts(with: [0x50, 0x4B, 0x01, 0x02]) })
    let extra = I.join(
      TorchArchiveBuilder.bytes(1, 2), TorchArchiveBuilder.bytes(8, 2),
      TorchArchiveBuilder.bytes(Int.max - 30, 8))
    archive.replaceSubrange(directory + 30..<directory + 32, with: [12, 0])
    archive.replaceSubrange(directory + 42..<directory + 46, with: [0xFF, 0xFF, 0xFF, 0xFF])
    let end = archive.count - 22
    let length = TorchArchiveBuilder.bytes(end - directory + extra.count, 4)
    archive.replaceSubrange(end + 12..<end + 16, with: length)
    archive.insert(contentsOf: extra, at: end)
    let folder = try TemporaryFolder()
    try Data(archive).write(to: folder.url.appending(path: "m.pth"))
    let failure = try #require(throws: Failure.self) { try ModelFile.read(folder.path("m.pth")) }
    #expect(failure.reason == "it is not where the archive says")
  }

  /// A network of two layers, beside a dictionary under a number.
  private func original() throws -> (pickle: [UInt8], storages: [[UInt8]]) {
    let shapes = [
      ("features.0.weight", [2, 3, 3, 3]), ("features.0.bias", [2]),
      ("classifier.0.weight", [3, 2]), ("classifier.0.bias", [3]),
    ]
    var items = I.join([0x7D, 0x28], I.integer(3), I.dictionary([]))
    var storages: [[UInt8]] = []
    for (name, shape) in shapes {
      let count = shape.reduce(1, *)
      let strides = shape.indices.map { shape[($0 + 1)...].reduce(1, *) }
      items += I.join(
        I.text(name), I.tensor(I.storage("\(storages.count)", count), shape, strides))
      storages.append(
        (0..<count).flatMap { TorchArchiveBuilder.bytes(Int(Float($0).bitPattern), 4) })
    }
    return (I.pickle(I.join(items, [0x75])), storages)
  }

  private let options = ModelReadingOptions(
    inputShape: ImageShape(height: 2, width: 2, channels: 3))

  /// A pickle that is cut off after any byte is refused, and whole it is read.
  @Test func cutOff() throws {
    let (pickle, storages) = try original()
    let folder = try TemporaryFolder()
    let path = folder.url.appending(path: "m.pth")
    try TorchArchiveBuilder.checkpoint(pickle, storages).write(to: path)
    let model = try ModelFile.read(path.path, options: options)
    #expect(model.report.loaded.count == 4)
    for count in pickle.indices {
      try TorchArchiveBuilder.checkpoint(Array(pickle.prefix(count)), storages).write(to: path)
      #expect(throws: Failure.self, "\(count) bytes") {
        try ModelFile.read(path.path, options: options)
      }
    }
  }

  /// An archive that is cut off after any byte is refused.
  @Test func archiveCutOff() throws {
    let (pickle, storages) = try original()
    let whole = TorchArchiveBuilder.checkpoint(pickle, storages)
    let folder = try TemporaryFolder()
    let path = folder.url.appending(path: "m.pth")
    for count in whole.indices {
      try whole.prefix(count).write(to: path)
      #expect(throws: Failure.self, "\(count) bytes") {
        try ModelFile.read(path.path, options: options)
      }
    }
  }

  /// Files with changed bytes in the pickle, behind a right checksum, or anywhere in the archive
  /// are read or refused, but never crash.
  @Test(arguments: ["vgg_bn.pth", "protocol4.pth", "views.pth", "parallel.pth"])
  func mutations(file: String) throws {
    let whole = [UInt8](try Data(contentsOf: URL(filePath: fixture("torch/\(file)"))))
    func place(of mark: [UInt8]) throws -> Int {
      try #require(whole.indices.first { whole[$0...].starts(with: mark) })
    }
    // The pickle is the first member, between its header and its checksum; the directory repeats
    // it.
    let start = 30 + Int(whole[26]) + Int(whole[28]) + Int(whole[29]) << 8
    let end = try place(of: [0x50, 0x4B, 0x07, 0x08])
    let pickle = start..<end
    let checksum = try place(of: [0x50, 0x4B, 0x01, 0x02]) + 16
    #expect(
      TorchArchiveBuilder.bytes(Int(CRC32.checksum(whole[pickle])), 4)
        == Array(whole[checksum..<checksum + 4]))
    let folder = try TemporaryFolder()
    let path = folder.url.appending(path: "m.pth")
    var generator = CounterGenerator(seed: 7)
    var refused = 0
    for index in 0..<200 {
      var changed = whole
      let range = index.isMultiple(of: 2) ? pickle : whole.indices
      for _ in 0..<1 + generator.index(below: 4) {
        changed[range.lowerBound + generator.index(below: range.count)] = UInt8(
          generator.index(below: 256))
      }
      if range == pickle {
        changed.replaceSubrange(
          checksum..<checksum + 4,
          with: TorchArchiveBuilder.bytes(Int(CRC32.checksum(changed[pickle])), 4))
      }
      try Data(changed).write(to: path)
      do {
        _ = try ModelFile.read(
          path.path,
          options: ModelReadingOptions(
            inputShape: ImageShape(height: 8, width: 12, channels: 3)))
      } catch let failure as Failure {
        refused += 1
        #expect(!failure.reason.isEmpty)
      }
    }
    #expect(refused > 60)
  }

  /// Numbers in the order of other machines are refused.
  @Test func byteOrder() throws {
    let folder = try TemporaryFolder()
    try TorchArchiveBuilder.archive([
      ("m/data.pkl", I.pickle(I.dictionary([]))), ("m/byteorder", Array("big".utf8)),
    ]).write(to: folder.url.appending(path: "m.pth"))
    let failure = try #require(throws: Failure.self) { try ModelFile.read(folder.path("m.pth")) }
    #expect(failure.subject?.hasSuffix(":m/byteorder") == true)
    #expect(failure.remedy?.contains("little-endian") == true)
  }
}
