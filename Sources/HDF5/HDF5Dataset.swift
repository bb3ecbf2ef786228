import CHDF5

/// A dataset of a file: a block of elements with a shape.
package final class HDF5Dataset {
  /// The lengths of the axes, in C order: `[]` for a scalar.
  package let shape: [Int]
  package let elementType: HDF5ElementType
  let handle: Handle
  let file: Handle
  let door: Door
  /// The reader that has the file open, where this process has not.
  let reader: ReaderClient?
  /// What only a reader's answer tells.
  let readerChunkRows: Int

  init(_ header: DatasetHeader, reader: ReaderClient, door: Door) {
    shape = header.shape
    elementType = header.elementType
    readerChunkRows = header.chunkRows
    handle = .nowhere()
    file = handle
    self.door = door
    self.reader = reader
  }

  init(handle: Handle, file: Handle, door: Door) throws(HDF5Error) {
    try door.refuseForeignElements(of: handle)
    let space = try door.open("read the shape of", .readFailed, closedBy: H5Sclose) {
      H5Dget_space(handle.id)
    }
    shape = try door.shape(of: space)
    elementType = HDF5ElementType(try door.type(of: handle))
    self.handle = handle
    self.file = file
    self.door = door
    reader = nil
    readerChunkRows = 1
  }

  /// The absolute path inside the file.
  package var path: String { door.objectPath }

  /// The path of the file.
  package var filePath: String { door.file }

  package var attributes: HDF5Attributes {
    HDF5Attributes(
      owner: handle, file: file, door: door, reader: reader.map { ($0, ReadRequest.Owner.dataset) })
  }

  /// Reads every element, in C order, converted to `T` by HDF5: values outside the range of an
  /// integer type become its nearest, fractions are cut off.
  ///
  /// - Throws: `wrongType` where the elements are not numbers, `tooLarge` where the file claims more
  ///   than it can hold.
  package func read<T: HDF5Number>(as type: T.Type) throws(HDF5Error) -> [T] {
    if let reader { return try read(nil, as: type, by: reader, Self.readOperation) }
    let (count, elements) = try elements(nil, as: T.numberKind)
    return try door.readNumbers(count, as: type, from: elements, Self.readOperation)
  }

  /// Reads some rows of axis 0.
  ///
  /// - Throws: `wrongShape` where there are no such rows, and what ``read(as:)`` throws.
  package func readRows<T: HDF5Number>(
    _ rows: Range<Int>, as type: T.Type
  ) throws(HDF5Error) -> [T] {
    guard let length = shape.first, rows.lowerBound >= 0, rows.upperBound <= length else {
      throw door.error(
        .wrongShape, "read rows \(rows.lowerBound)..<\(rows.upperBound) of",
        shape.first.map { "it has \($0) rows" } ?? "it is a scalar without rows")
    }
    if let reader { return try read(rows, as: type, by: reader, Self.readOperation) }
    let (count, elements) = try elements(rows, as: T.numberKind)
    return try door.readNumbers(count, as: type, from: elements, Self.readOperation)
  }

  /// Reads numbers as the bytes that they have in memory.
  func readBytes(
    of rows: Range<Int>?, as kind: HDF5NumberKind
  ) throws(HDF5Error) -> [UInt8] {
    let (count, elements) = try elements(rows, as: kind)
    return try door.readBytes(count, as: kind, from: elements, Self.readOperation)
  }

  /// Reads texts of fixed or variable length, in C order.
  ///
  /// - Throws: `wrongType` where the elements are not texts.
  package func readStrings() throws(HDF5Error) -> [String] {
    if let reader {
      return try reader.texts(ReadRequest(.strings, path), door, Self.readOperation)
    }
    guard elementType == .string else {
      throw door.error(
        .wrongType, Self.readOperation, "its elements are \(elementType), not strings")
    }
    let type = try door.type(of: handle)
    let count = try door.checkedCount(
      of: shape, elementBytes: Library.locked { H5Tget_size(type.id) },
      stored: door.checkedStorage(of: handle, in: file), Self.readOperation)
    let space = try door.space(shape)
    return try door.readTexts(
      count, fileType: type, space: space, from: .dataset(handle), Self.readOperation)
  }

  /// Reads the bytes of elements that are neither numbers nor texts to HDF5 (its opaque type), which
  /// is how h5py stores the numbers of other libraries, such as bfloat16.
  ///
  /// - Parameter elementBytes: The length that one element must have.
  /// - Throws: `wrongType` where the elements are something else or of another length.
  package func readOpaque(elementBytes: Int) throws(HDF5Error) -> [UInt8] {
    if let reader {
      return try readOpaque(elementBytes: elementBytes, by: reader, Self.readOperation)
    }
    let type = try door.type(of: handle)
    let (isOpaque, bytes) = Library.locked {
      (H5Tget_class(type.id) == H5T_OPAQUE, H5Tget_size(type.id))
    }
    guard isOpaque, bytes == elementBytes else {
      throw door.error(
        .wrongType, Self.readOperation, "its elements are not opaque with \(elementBytes) bytes")
    }
    let count = try door.checkedCount(
      of: shape, elementBytes: elementBytes, stored: door.checkedStorage(of: handle, in: file),
      Self.readOperation)
    return try door.readOpaque(
      count * elementBytes, type: type, from: .dataset(handle), Self.readOperation)
  }

  private static let readOperation = "read the dataset"

  /// Checks that some rows, or all elements, may be read as numbers of a kind.
  ///
  /// - Returns: how many numbers they are.
  @discardableResult
  func checkedCount(
    of rows: Range<Int>?, as kind: HDF5NumberKind
  ) throws(HDF5Error) -> Int {
    guard elementType.isNumber else {
      throw door.error(
        .wrongType, Self.readOperation, "its elements are \(elementType), not numbers")
    }
    return try door.checkedCount(
      of: shape(of: rows), elementBytes: kind.bytes,
      stored: door.checkedStorage(of: handle, in: file), Self.readOperation)
  }

  private func elements(
    _ rows: Range<Int>?, as kind: HDF5NumberKind
  ) throws(HDF5Error) -> (count: Int, Elements) {
    let count = try checkedCount(of: rows, as: kind)
    guard let rows, count > 0 else { return (count, .dataset(handle)) }
    let memory = try door.space(shape(of: rows))
    let selection = try door.space(shape)
    try door.select(rows, of: shape, in: selection)
    return (count, .selection(handle, in: selection, memory: memory))
  }

  /// The shape of some rows, or the whole.
  func shape(of rows: Range<Int>?) -> [Int] {
    rows.map { [$0.count] + shape.dropFirst() } ?? shape
  }
}
