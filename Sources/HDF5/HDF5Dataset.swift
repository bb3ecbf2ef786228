import CHDF5

/// A dataset of a file: an array of elements with a shape.
package final class HDF5Dataset {
  /// The lengths of the axes, in C order; `[]` for a scalar.
  package let shape: [Int]
  package let elementType: HDF5ElementType
  let handle: Handle
  let file: Handle
  let library: LibraryCall
  /// The reader, if another process has the file open.
  let reader: ReaderClient?
  /// The number of rows per chunk as a reader reports it; 1 if this process has the file open.
  let readerChunkRows: Int

  init(_ header: DatasetHeader, reader: ReaderClient, library: LibraryCall) {
    shape = header.shape
    elementType = header.elementType
    readerChunkRows = header.chunkRows
    handle = .nowhere()
    file = handle
    self.library = library
    self.reader = reader
  }

  init(handle: Handle, file: Handle, library: LibraryCall) throws(HDF5Error) {
    try library.refuseForeignElements(of: handle)
    let space = try library.open("read the shape of", .readFailed, closedBy: H5Sclose) {
      H5Dget_space(handle.id)
    }
    shape = try library.shape(of: space)
    elementType = HDF5ElementType(try library.type(of: handle))
    self.handle = handle
    self.file = file
    self.library = library
    reader = nil
    readerChunkRows = 1
  }

  /// The absolute path inside the file.
  package var path: String { library.objectPath }

  /// The path of the file.
  package var filePath: String { library.file }

  package var attributes: HDF5Attributes {
    HDF5Attributes(
      owner: handle, file: file, library: library,
      reader: reader.map { ($0, ReadRequest.Owner.dataset) })
  }

  /// Reads every element, in C order, converted to `T` by HDF5: values outside the range of an
  /// integer type become the nearest value of the type, and fractions are truncated.
  ///
  /// - Throws: `wrongType` if the elements are not numbers, `tooLarge` if the file claims more
  ///   elements than it can hold.
  package func read<T: HDF5Number>(as type: T.Type) throws(HDF5Error) -> [T] {
    if let reader { return try read(nil, as: type, by: reader, Self.readOperation) }
    let (count, elements) = try elements(nil, as: T.numberKind)
    return try library.readNumbers(count, as: type, from: elements, Self.readOperation)
  }

  /// Reads some rows of axis 0.
  ///
  /// - Throws: `wrongShape` if there are no such rows, and the errors of ``read(as:)``.
  package func readRows<T: HDF5Number>(
    _ rows: Range<Int>, as type: T.Type
  ) throws(HDF5Error) -> [T] {
    guard let length = shape.first, rows.lowerBound >= 0, rows.upperBound <= length else {
      throw library.error(
        .wrongShape, "read rows \(rows.lowerBound)..<\(rows.upperBound) of",
        shape.first.map { "it has \($0) rows" } ?? "it is a scalar without rows")
    }
    if let reader { return try read(rows, as: type, by: reader, Self.readOperation) }
    let (count, elements) = try elements(rows, as: T.numberKind)
    return try library.readNumbers(count, as: type, from: elements, Self.readOperation)
  }

  /// Writes numbers to rows of axis 0 of a dataset that was made with
  /// ``HDF5Group/reserve(_:shape:at:)``.
  ///
  /// - Parameters:
  ///   - values: The elements of whole rows, in C order.
  ///   - first: The index of the first of these rows.
  package func writeRows<T: HDF5Number>(
    _ values: [T], at first: Int
  ) throws(HDF5Error) {
    let length = shape.dropFirst().reduce(1, *)
    let rows = first..<first + values.count / max(1, length)
    guard let count = shape.first, rows.upperBound <= count, values.count == rows.count * length
    else {
      throw library.error(
        .wrongShape, "write rows of", "\(values.count) values do not fill rows of \(shape)")
    }
    let memory = try library.space(shape(of: rows))
    let selection = try library.space(shape)
    try library.select(rows, of: shape, in: selection)
    try library.writeNumbers(
      values, to: .selection(handle, in: selection, memory: memory), "write the dataset")
  }

  /// Reads the numbers of some rows, or of all, as their bytes in memory.
  func readBytes(
    of rows: Range<Int>?, as kind: HDF5NumberKind
  ) throws(HDF5Error) -> [UInt8] {
    let (count, elements) = try elements(rows, as: kind)
    return try library.readBytes(count, as: kind, from: elements, Self.readOperation)
  }

  /// Reads strings of fixed or variable length, in C order.
  ///
  /// - Throws: `wrongType` if the elements are not strings.
  package func readStrings() throws(HDF5Error) -> [String] {
    if let reader {
      return try reader.texts(ReadRequest(.strings, path), library, Self.readOperation)
    }
    guard elementType == .string else {
      throw library.error(
        .wrongType, Self.readOperation, "its elements are \(elementType), not strings")
    }
    let type = try library.type(of: handle)
    let count = try library.checkedCount(
      of: shape, elementBytes: Library.locked { H5Tget_size(type.id) },
      stored: library.checkedStorage(of: handle, in: file), Self.readOperation)
    let space = try library.space(shape)
    return try library.readTexts(
      count, fileType: type, space: space, from: .dataset(handle), Self.readOperation)
  }

  /// Reads the bytes of elements of HDF5's opaque type, as which h5py stores the numbers of other
  /// libraries, such as bfloat16.
  ///
  /// - Parameter elementBytes: The required size of one element.
  /// - Throws: `wrongType` if the elements have another type or size.
  package func readOpaque(elementBytes: Int) throws(HDF5Error) -> [UInt8] {
    if let reader {
      return try readOpaque(elementBytes: elementBytes, by: reader, Self.readOperation)
    }
    let type = try library.type(of: handle)
    let (isOpaque, bytes) = Library.locked {
      (H5Tget_class(type.id) == H5T_OPAQUE, H5Tget_size(type.id))
    }
    guard isOpaque, bytes == elementBytes else {
      throw library.error(
        .wrongType, Self.readOperation,
        "its elements are not opaque values of \(elementBytes) bytes")
    }
    let count = try library.checkedCount(
      of: shape, elementBytes: elementBytes, stored: library.checkedStorage(of: handle, in: file),
      Self.readOperation)
    return try library.readOpaque(
      count * elementBytes, type: type, from: .dataset(handle), Self.readOperation)
  }

  private static let readOperation = "read the dataset"

  /// Checks that some rows, or all elements, can be read as numbers of a kind.
  ///
  /// - Returns: the count of these numbers.
  @discardableResult
  func checkedCount(
    of rows: Range<Int>?, as kind: HDF5NumberKind
  ) throws(HDF5Error) -> Int {
    guard elementType.isNumber else {
      throw library.error(
        .wrongType, Self.readOperation, "its elements are \(elementType), not numbers")
    }
    return try library.checkedCount(
      of: shape(of: rows), elementBytes: kind.bytes,
      stored: library.checkedStorage(of: handle, in: file), Self.readOperation)
  }

  private func elements(
    _ rows: Range<Int>?, as kind: HDF5NumberKind
  ) throws(HDF5Error) -> (count: Int, Elements) {
    let count = try checkedCount(of: rows, as: kind)
    guard let rows, count > 0 else { return (count, .dataset(handle)) }
    let memory = try library.space(shape(of: rows))
    let selection = try library.space(shape)
    try library.select(rows, of: shape, in: selection)
    return (count, .selection(handle, in: selection, memory: memory))
  }

  /// The shape of some rows, or of the whole dataset.
  func shape(of rows: Range<Int>?) -> [Int] {
    rows.map { [$0.count] + shape.dropFirst() } ?? shape
  }
}
