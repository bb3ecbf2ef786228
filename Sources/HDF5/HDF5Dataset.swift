import CHDF5

/// A dataset of a file: a block of elements with a shape.
package final class HDF5Dataset {
  /// The lengths of the axes, in C order: `[]` for a scalar.
  package let shape: [Int]
  package let elementType: HDF5ElementType
  let handle: Handle
  let file: Handle
  let door: Door

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
  }

  /// The absolute path inside the file.
  package var path: String { door.objectPath }

  /// The path of the file.
  package var filePath: String { door.file }

  package var attributes: HDF5Attributes { HDF5Attributes(owner: handle, file: file, door: door) }

  /// Reads every element, in C order, converted to `T` by HDF5: values outside the range of an
  /// integer type become its nearest, fractions are cut off.
  ///
  /// - Throws: `wrongType` where the elements are not numbers, `tooLarge` where the file claims more
  ///   than it can hold.
  package func read<T: HDF5Number>(as type: T.Type) throws(HDF5Error) -> [T] {
    let count = try checkedCount(of: shape, as: type)
    return try door.readNumbers(count, as: type, from: .dataset(handle), Self.readOperation)
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
    let rowsShape = [rows.count] + shape.dropFirst()
    let count = try checkedCount(of: rowsShape, as: type)
    guard count > 0 else { return [] }
    let memory = try door.space(rowsShape)
    let selection = try door.space(shape)
    try door.select(rows, of: shape, in: selection)
    let elements = Elements.selection(handle, in: selection, memory: memory)
    return try door.readNumbers(count, as: type, from: elements, Self.readOperation)
  }

  /// Reads texts of fixed or variable length, in C order.
  ///
  /// - Throws: `wrongType` where the elements are not texts.
  package func readStrings() throws(HDF5Error) -> [String] {
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

  private static let readOperation = "read the dataset"

  private func checkedCount<T: HDF5Number>(
    of shape: [Int], as type: T.Type
  ) throws(HDF5Error) -> Int {
    guard elementType.isNumber else {
      throw door.error(
        .wrongType, Self.readOperation, "its elements are \(elementType), not numbers")
    }
    return try door.checkedCount(
      of: shape, elementBytes: MemoryLayout<T>.stride,
      stored: door.checkedStorage(of: handle, in: file),
      Self.readOperation)
  }
}
