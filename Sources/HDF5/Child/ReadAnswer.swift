/// How answers of a reader begin: whether it went well, and how many bytes follow.
enum ReadAnswer: UInt8 {
  case done, failed

  static let headerBytes = 9
  /// Texts that a reader may send in one answer.
  static let largestText = 128 << 20

  func header(length: Int) -> [UInt8] {
    var header = MessageWriter()
    header.append(rawValue)
    header.append(length)
    return header.bytes
  }

  static func header(
    _ bytes: [UInt8]
  ) throws(MalformedMessage) -> (answer: ReadAnswer, length: Int) {
    var reader = MessageReader(bytes)
    guard let answer = ReadAnswer(rawValue: try reader.byte()) else {
      throw MalformedMessage("it is no answer")
    }
    return (answer, try reader.number())
  }
}

/// What a reader says about a dataset that it has opened.
struct DatasetHeader: Hashable {
  var shape: [Int]
  var elementType: HDF5ElementType
  /// Rows that are stored together; 1 where they are not stored in chunks.
  var chunkRows: Int

  var message: [UInt8] {
    var writer = MessageWriter()
    writer.append(shape)
    switch elementType {
    case .integer(let bytes, let signed):
      writer.append(UInt8(signed ? 1 : 0))
      writer.append(bytes)
    case .float(let bytes):
      writer.append(UInt8(2))
      writer.append(bytes)
    case .string:
      writer.append(UInt8(3))
      writer.append(0)
    case .other:
      writer.append(UInt8(4))
      writer.append(0)
    case .boolean:
      writer.append(UInt8(5))
      writer.append(0)
    }
    writer.append(chunkRows)
    return writer.bytes
  }

  init(shape: [Int], elementType: HDF5ElementType, chunkRows: Int) {
    self.shape = shape
    self.elementType = elementType
    self.chunkRows = chunkRows
  }

  init(message: [UInt8]) throws(MalformedMessage) {
    var reader = MessageReader(message)
    shape = try reader.numbers()
    guard shape.count <= ReadLimit.rank else { throw MalformedMessage("too many axes") }
    let (type, bytes) = (try reader.byte(), try reader.number())
    // The type's width is multiplied by eight for its name.
    guard bytes <= Int(Int32.max) else { throw MalformedMessage("too large an element") }
    switch type {
    case 0, 1: elementType = .integer(bytes: bytes, signed: type == 1)
    case 2: elementType = .float(bytes: bytes)
    case 3: elementType = .string
    case 4: elementType = .other
    case 5: elementType = .boolean
    default: throw MalformedMessage("an unknown type of elements")
    }
    chunkRows = try reader.number()
    try reader.end()
  }
}

/// Errors travel with all that they say, so that users read the same as without a reader.
extension HDF5Error {
  var message: [UInt8] {
    var writer = MessageWriter()
    writer.append(code.rawValue)
    writer.append(operation)
    writer.append(object.map { [$0] } ?? [])
    writer.append(messages)
    return writer.bytes
  }

  /// - Parameter file: what the caller calls the file.
  init(message: [UInt8], file: String) throws(MalformedMessage) {
    var reader = MessageReader(message)
    guard let code = Code(rawValue: try reader.byte()) else {
      throw MalformedMessage("an unknown error")
    }
    self.init(
      code: code, operation: try reader.text(), file: file, object: try reader.texts().first,
      messages: try reader.texts())
    try reader.end()
  }
}
