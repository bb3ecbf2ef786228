/// The header of a reader's answer: whether the request succeeded, and how many bytes follow.
enum ReadAnswer: UInt8 {
  case done, failed

  static let headerBytes = 9
  /// The largest number of bytes of the strings in one answer.
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
      throw MalformedMessage("it is not an answer")
    }
    return (answer, try reader.number())
  }
}

/// A reader's description of a dataset that it has opened.
struct DatasetHeader: Hashable {
  var shape: [Int]
  var elementType: HDF5ElementType
  /// The number of rows per chunk; 1 if the dataset is not stored in chunks.
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
    // The width of the type is multiplied by eight for its name.
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

/// Errors are sent with all their details, so that users see the same message as without a reader.
extension HDF5Error {
  var message: [UInt8] {
    var writer = MessageWriter()
    writer.append(code.rawValue)
    writer.append(operation)
    writer.append(object.map { [$0] } ?? [])
    writer.append(messages)
    return writer.bytes
  }

  /// Parses the message of an error.
  ///
  /// - Parameter file: the name of the file in the calling process.
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
