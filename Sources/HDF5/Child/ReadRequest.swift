/// A request to a reader: one operation on one object of the file that it has open.
struct ReadRequest: Hashable {
  enum Operation: UInt8 {
    case openFile, openImage
    case contains, childNames, datasetPaths, openGroup, openDataset
    case checkNumbers, numbers, strings, opaque, scalePaths
    case containsAttribute, attributeNames, attributeStrings, attributeNumbers
  }

  enum Owner: UInt8 {
    case group, dataset
  }

  var operation: Operation
  /// The absolute path of the object, or the path of the file to open.
  var path = "/"
  /// The kind of object that has the attribute.
  var owner = Owner.group
  var attribute = ""
  var kind = HDF5NumberKind.uint8
  /// The rows of axis 0 to read; `nil` for all elements.
  var rows: Range<Int>?
  /// The number of bytes of a file image, which follows the request, or of an element; or an axis.
  var number = 0

  init(_ operation: Operation, _ path: String) {
    self.operation = operation
    self.path = path
  }
}

extension ReadRequest {
  /// The version of the protocol, incremented with every change of the messages.
  private static let version: UInt8 = 1

  /// The message after a header with its length and the seconds of processor time for the answer.
  func frame(cpuSeconds: Int) -> [UInt8] {
    var body = MessageWriter()
    body.append(Self.version)
    body.append(operation.rawValue)
    body.append(owner.rawValue)
    body.append(kind.rawValue)
    body.append(path)
    body.append(attribute)
    body.append(rows.map { [$0.lowerBound, $0.upperBound] } ?? [])
    body.append(number)
    var header = MessageWriter()
    header.append(body.bytes.count)
    header.append(cpuSeconds)
    return header.bytes + body.bytes
  }

  static let headerBytes = 16

  /// Parses a header: the length of the message, and the seconds of processor time for the answer.
  static func header(_ bytes: [UInt8]) throws(MalformedMessage) -> (length: Int, cpuSeconds: Int) {
    var reader = MessageReader(bytes)
    return (try reader.number(), try reader.number())
  }

  init(message: [UInt8]) throws(MalformedMessage) {
    var reader = MessageReader(message)
    guard try reader.byte() == Self.version else { throw MalformedMessage("another version") }
    guard let operation = Operation(rawValue: try reader.byte()),
      let owner = Owner(rawValue: try reader.byte()),
      let kind = HDF5NumberKind(rawValue: try reader.byte())
    else { throw MalformedMessage("an unknown operation") }
    self.operation = operation
    self.owner = owner
    self.kind = kind
    path = try reader.text()
    attribute = try reader.text()
    let bounds = try reader.numbers()
    if bounds.count == 2, bounds[0] <= bounds[1] { rows = bounds[0]..<bounds[1] }
    number = try reader.number()
    try reader.end()
  }
}
