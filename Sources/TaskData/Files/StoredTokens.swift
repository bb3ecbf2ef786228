import HDF5
import Records
import Tensors

/// The texts of one part of a file: ids, which places hold a token, and types.
struct StoredTokens {
  let place: String
  let count: Int
  /// The places of a text in the file.
  let width: Int
  /// Decisions that the user may want to know, one sentence each.
  private(set) var notes: [String] = []
  private let ids: [Int32]
  private let isToken: [Bool]
  /// The types; empty if all are 0.
  private let types: [Int32]

  /// The number below which ids are exact in single precision, and the most places of a text.
  private static let largestID = 1 << 24
  private static let largestWidth = 1 << 16

  /// - Throws: `Failure` of kind `badData` that names the text and what is wrong with it.
  init(_ keys: DatasetKeys, _ x: HDF5Dataset, part: DatasetKeys.Part, _ input: TokenInput) throws {
    place = x.place
    // Texts and rows of different lengths have one axis; the type says what to do.
    try StoredTokens.requireNumbers(x, "token ids")
    guard x.shape.count == 2, !x.shape.contains(0), x.shape[1] <= StoredTokens.largestWidth else {
      throw StoredTokens.bad(
        x.place, "its shape is \(x.shape), which is not [count, length]",
        remedy: "Store one row of token ids for each text, padded to one length.")
    }
    (count, width) = (x.shape[0], x.shape[1])
    let numbers = try StoredTokens.integers(x, "token ids")
    let mask = try StoredTokens.mask(keys, x, part, numbers, input, &notes)
    isToken = mask
    let limit = min(input.vocabulary ?? .max, StoredTokens.largestID)
    var ids: [Int32] = []
    ids.reserveCapacity(numbers.count)
    for (index, id) in numbers.enumerated() {
      guard mask[index] else {
        ids.append(Int32(input.padding ?? 0))
        continue
      }
      guard (0..<limit).contains(id) else {
        throw StoredTokens.bad(
          x.place,
          "text \(index / width) has the id \(id) at place \(index % width), but ids are 0..<"
            + "\(limit)",
          remedy: id == -100
            ? "-100 marks labels: give the ids of the tokens." : "Use the tokenizer of the network."
        )
      }
      ids.append(Int32(id))
    }
    self.ids = ids
    types = try StoredTokens.types(keys, x, part, mask, input, &notes)
    try check(input)
  }

  /// Throws for a text without a token, and for padding before tokens that may not be there.
  private func check(_ input: TokenInput) throws(Failure) {
    for row in 0..<count {
      guard let first = isToken[row * width..<(row + 1) * width].firstIndex(of: true) else {
        throw StoredTokens.bad(
          place, "text \(row) has no token, only padding",
          remedy: "Leave such texts out, or correct the mask.")
      }
      guard input.allowsLeftPadding || first == row * width else {
        throw StoredTokens.bad(
          place,
          "the padding of text \(row) comes before its tokens, but the network counts places "
            + "from the first one",
          remedy: "Pad after the tokens: tokenizer.padding_side = 'right'.")
      }
    }
  }

  /// The numbers of tokens of the texts.
  var lengths: [Int] {
    (0..<count).map { row in isToken[row * width..<(row + 1) * width].count { $0 } }
  }

  var largestID: Int { Int(ids.max() ?? 0) }

  /// The places that hold a token of some text.
  var usedPlaces: Range<Int> {
    var (first, end) = (width, 0)
    for row in 0..<count {
      let places = isToken[row * width..<(row + 1) * width]
      if let place = places.firstIndex(of: true) { first = min(first, place - row * width) }
      if let place = places.lastIndex(of: true) { end = max(end, place - row * width + 1) }
    }
    return min(first, end)..<end
  }

  /// Whether some text has padding before its tokens.
  var isLeftPadded: Bool { (0..<count).contains { !isToken[$0 * width] } }

  /// The number of texts that have a token outside of some places.
  func cutCount(_ places: Range<Int>) -> Int {
    (0..<count).count { row in
      (0..<width).contains { !places.contains($0) && isToken[row * width + $0] }
    }
  }

  /// The texts as a network reads them, `[count, length, 3]`: of each place the id, 1 for a token
  /// and 0 for padding, and the type.
  ///
  /// - Parameters:
  ///   - places: the places of the file that are used.
  ///   - length: the number of places of each text; places before the first or after the last one
  ///     are padding.
  ///   - first: the index of the first place that is used.
  func values(_ places: Range<Int>, length: Int, first: Int, padding: Int) -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(count * length * 3)
    for row in 0..<count {
      for position in 0..<length {
        let place = places.lowerBound + position - first
        let index = row * width + place
        guard places.contains(place), place < width, isToken[index] else {
          values += [Float(padding), 0, 0]
          continue
        }
        values += [Float(ids[index]), 1, types.isEmpty ? 0 : Float(types[index])]
      }
    }
    return values
  }

  private static func mask(
    _ keys: DatasetKeys, _ x: HDF5Dataset, _ part: DatasetKeys.Part, _ ids: [Int],
    _ input: TokenInput, _ notes: inout [String]
  ) throws -> [Bool] {
    let width = x.shape[1]
    if let stored = try keys.dataset(.mask, of: part) {
      try requireSameShape(stored, x)
      let numbers = try stored.elementType.isNumber ? stored.read(as: Double.self) : []
      guard numbers.count == ids.count, let wrong = numbers.first(where: { $0 != 0 && $0 != 1 })
      else {
        guard numbers.count == ids.count else {
          throw bad(stored.place, "its elements are \(stored.elementType)", remedy: maskRemedy)
        }
        return numbers.map { $0 == 1 }
      }
      throw bad(
        stored.place,
        wrong < -100
          ? "it has the value \(wrong): it is a mask that is added to scores"
          : "it has the value \(wrong), which is neither 0 nor 1",
        remedy: maskRemedy)
    }
    if let stored = try keys.dataset(.lengths, of: part) {
      let lengths = try integers(stored, "lengths")
      guard lengths.count == x.shape[0] else {
        throw bad(
          stored.place, "it has \(lengths.count) lengths for \(x.shape[0]) texts",
          remedy: "Store one length per text.")
      }
      if let wrong = lengths.firstIndex(where: { !(0...width).contains($0) }) {
        throw bad(
          stored.place, "text \(wrong) has the length \(lengths[wrong]), but \(width) places",
          remedy: "Store the number of tokens of each text.")
      }
      return ids.indices.map { $0 % width < lengths[$0 / width] }
    }
    guard let padding = input.padding else {
      notes.append("There is no mask: every id of \(x.path) is read as a token.")
      return ids.map { _ in true }
    }
    notes.append(
      "There is no mask: the id \(padding) at the ends of the texts of \(x.path) is padding.")
    var mask = ids.map { _ in true }
    for row in 0..<x.shape[0] {
      let places = row * width..<(row + 1) * width
      for place in places.reversed() {
        guard ids[place] == padding else { break }
        mask[place] = false
      }
      for place in places {
        guard ids[place] == padding, mask[place] else { break }
        mask[place] = false
      }
    }
    return mask
  }

  private static let maskRemedy = "Store 1 for every token and 0 for padding."

  private static func types(
    _ keys: DatasetKeys, _ x: HDF5Dataset, _ part: DatasetKeys.Part, _ mask: [Bool],
    _ input: TokenInput, _ notes: inout [String]
  ) throws -> [Int32] {
    guard input.types != 0, let stored = try keys.dataset(.types, of: part) else { return [] }
    try requireSameShape(stored, x)
    let numbers = try integers(stored, "types")
    let limit = input.types ?? 256
    let wrong = numbers.indices.first { mask[$0] && !(0..<limit).contains(numbers[$0]) }
    if let wrong {
      throw bad(
        stored.place,
        "text \(wrong / x.shape[1]) has the type \(numbers[wrong]) at place \(wrong % x.shape[1]), "
          + "but types are 0..<\(limit)",
        remedy: "Use the tokenizer of the network.")
    }
    return numbers.map { Int32(clamping: $0) }
  }

  private static func requireSameShape(_ stored: HDF5Dataset, _ x: HDF5Dataset) throws(Failure) {
    guard stored.shape != x.shape else { return }
    throw bad(
      stored.place, "its shape is \(stored.shape), but that of \(x.path) is \(x.shape)",
      remedy: "Store one number for each token id.")
  }

  /// The elements as integers.
  private static func integers(_ x: HDF5Dataset, _ what: String) throws -> [Int] {
    try requireNumbers(x, what)
    guard case .float = x.elementType else { return try x.read(as: Int.self) }
    let numbers = try x.read(as: Double.self)
    if let wrong = numbers.first(where: { $0.rounded() != $0 || abs($0) > 1e15 }) {
      throw bad(
        x.place, "it has the value \(wrong), which is not a whole number",
        remedy: "Store \(what) as integers.")
    }
    return numbers.map { Int($0) }
  }

  private static func requireNumbers(_ x: HDF5Dataset, _ what: String) throws(Failure) {
    switch x.elementType {
    case .integer, .boolean, .float: return
    case .string:
      throw bad(
        x.place, "its elements are texts, not \(what)",
        remedy: "In Python: t = tokenizers.Tokenizer.from_file('tokenizer.json'); "
          + "t.enable_truncation(128); t.enable_padding(); store [e.ids for e in "
          + "t.encode_batch(texts)] as input_ids, and their attention_mask.")
    case .other:
      throw bad(
        x.place, "its elements are \(x.elementType), not \(what)",
        remedy: "Pad all texts to one length, and store integers.")
    }
  }

  private static func bad(_ place: String, _ reason: String, remedy: String) -> Failure {
    Failure(.badData, TaskFile.attempt, on: place, because: reason, remedy: remedy)
  }
}
