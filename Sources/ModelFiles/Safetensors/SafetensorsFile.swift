import Foundation
import Records

/// A file of safetensors: eight bytes with the length of a JSON header, the header with the type,
/// shape and place of every tensor, and the bytes of the tensors.
///
/// Opening checks the whole header, so that tensors lie inside the file, do not overlap, leave no
/// gaps and have as many bytes as their shapes need. Values are read when they are needed.
struct SafetensorsFile {
  /// A tensor of the file, by its header.
  struct Entry {
    let name: String
    let type: ElementType
    let shape: [Int]
    /// The place of the bytes in the file.
    let bytes: Range<Int>
  }

  /// The tensors, in the order of their bytes.
  let entries: [Entry]
  /// The texts that the file holds beside its tensors.
  let metadata: [String: String]
  private let file: FileBytes

  /// The largest header, the limit of the library that defines the format.
  static let largestHeader = 100_000_000
  private static let metadataName = "__metadata__"
  private static let lengthBytes = 8
  private static let mostAxes = 8

  /// Whether a file that begins with these bytes looks like one of this format: no other format
  /// begins with a small number and the start of a JSON object.
  static func isRecognized(_ start: [UInt8]) -> Bool {
    start.count > lengthBytes && start[lengthBytes] == UInt8(ascii: "{")
      && start[4..<lengthBytes].allSatisfy { $0 == 0 }
  }

  /// Opens a file and checks its header.
  ///
  /// - Throws: `ModelError` that names the tensor and the reason.
  init(_ path: String) throws(ModelError) {
    file = try FileBytes(path)
    let fileBytes = file.count
    guard fileBytes >= SafetensorsFile.lengthBytes else {
      throw SafetensorsFile.cutOff(
        "it has \(fileBytes) bytes, but the format begins with a length of 8 bytes")
    }
    let start = try file.read(0..<SafetensorsFile.lengthBytes)
    let length = start.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(SafetensorsFile.largestHeader) else {
      throw ModelError(
        "its header would have \(length) bytes, more than the format allows "
          + "(\(SafetensorsFile.largestHeader))",
        remedy: "The file is damaged, or not in the format of safetensors.")
    }
    let first = SafetensorsFile.lengthBytes + Int(length)
    guard first <= fileBytes else {
      throw SafetensorsFile.cutOff(
        "its header has \(length) bytes, but only \(fileBytes - SafetensorsFile.lengthBytes) "
          + "bytes follow")
    }
    let text = try file.read(SafetensorsFile.lengthBytes..<first)
    let header: JSONValue
    do {
      header = try JSONParser.parse(text)
    } catch {
      throw ModelError(
        at: "header", "it is not valid JSON: \(error.reason) (byte \(error.offset))")
    }
    guard let members = header.object?.members else {
      throw ModelError(at: "header", "it is not a JSON object")
    }
    var entries: [Entry] = []
    var metadata: [String: String] = [:]
    for member in members {
      if member.name == SafetensorsFile.metadataName {
        metadata = try SafetensorsFile.texts(member.value)
      } else {
        entries.append(
          try SafetensorsFile.entry(member.name, member.value, from: first, to: fileBytes))
      }
    }
    self.metadata = metadata
    self.entries = entries.sorted {
      ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound)
    }
    try checkPlaces(from: first, to: fileBytes)
  }

  /// The bytes of a tensor.
  func read(_ entry: Entry) throws(ModelError) -> Data {
    try file.read(entry.bytes)
  }

  private static func cutOff(_ reason: String) -> ModelError {
    ModelError(reason, remedy: "The file is cut off: copy or download it again.")
  }

  private static func texts(_ value: JSONValue) throws(ModelError) -> [String: String] {
    var texts: [String: String] = [:]
    guard let members = value.object?.members else {
      throw ModelError(at: metadataName, "it is not a JSON object of texts")
    }
    for member in members {
      guard let text = member.value.string else {
        throw ModelError(at: metadataName, "'\(member.name)' is not a text")
      }
      texts[member.name] = text
    }
    return texts
  }

  private static func entry(
    _ name: String, _ value: JSONValue, from first: Int, to end: Int
  ) throws(ModelError) -> Entry {
    guard let word = value.object?["dtype"]?.string, let lengths = value.object?["shape"]?.array,
      let places = value.object?["data_offsets"]?.array
    else { throw ModelError(at: name, "its header lacks dtype, shape or data_offsets") }
    guard let type = ElementType(rawValue: word) else {
      throw ModelError(
        at: name, "its type '\(word)' is unknown",
        remedy: "Save the model with float32 values: model.float().save_pretrained(folder).")
    }
    let shape = lengths.compactMap(\.integer)
    guard shape.count == lengths.count, shape.count <= mostAxes, shape.allSatisfy({ $0 >= 0 })
    else {
      throw ModelError(at: name, "its shape \(value.object?["shape"] ?? .null) makes no sense")
    }
    let offsets = places.compactMap(\.integer)
    guard offsets.count == 2, places.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1] else {
      throw ModelError(
        at: name, "its place \(value.object?["data_offsets"] ?? .null) makes no sense")
    }
    guard offsets[1] <= end - first else {
      throw ModelError(
        at: name,
        "its bytes end at \(offsets[1]), but the file has only \(end - first) bytes of tensors",
        remedy: "The file is cut off: copy or download it again.")
    }
    var count = type.bytes
    for length in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard !overflow else { throw ModelError(at: name, "its shape \(shape) makes no sense") }
      count = product
    }
    guard offsets[1] - offsets[0] == count else {
      throw ModelError(
        at: name,
        "its shape \(shape) of \(word) needs \(count) bytes, but it has "
          + "\(offsets[1] - offsets[0])")
    }
    return Entry(
      name: name, type: type, shape: shape, bytes: first + offsets[0]..<first + offsets[1])
  }

  /// Throws if tensors overlap or leave a gap.
  private func checkPlaces(from first: Int, to end: Int) throws(ModelError) {
    var (position, before) = (first, "the header")
    for entry in entries {
      guard entry.bytes.lowerBound == position else {
        let isOverlap = entry.bytes.lowerBound < position
        throw ModelError(
          at: entry.name,
          isOverlap
            ? "its bytes overlap those of \(before)"
            : "\(entry.bytes.lowerBound - position) bytes between it and \(before) belong to no "
              + "tensor",
          remedy: "The file is damaged, or was not written by safetensors.")
      }
      (position, before) = (entry.bytes.upperBound, entry.name)
    }
    guard position == end else {
      throw ModelError(
        "\(end - position) bytes at its end belong to no tensor",
        remedy: "The file is damaged, or was not written by safetensors.")
    }
  }
}
