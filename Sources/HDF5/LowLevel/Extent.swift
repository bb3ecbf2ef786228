import CHDF5
import Foundation

/// Shapes, and the library's dataspaces for them.
extension LibraryCall {
  /// Makes a dataspace with a shape; without axes it is a scalar.
  func space(_ shape: [Int]) throws(HDF5Error) -> Handle {
    let extent = shape.map { hsize_t($0) }
    return try open("prepare", .wrongShape, closedBy: H5Sclose) {
      shape.isEmpty
        ? H5Screate(H5S_SCALAR) : H5Screate_simple(Int32(clamping: shape.count), extent, nil)
    }
  }

  /// The shape of a dataspace in a file: `[]` for a scalar, `[0]` for a null dataspace.
  func shape(of space: Handle) throws(HDF5Error) -> [Int] {
    if Library.locked({ H5Sget_simple_extent_type(space.id) }) == H5S_NULL { return [0] }
    let operation = "read the shape of"
    let rank = Int(
      try call(operation, .readFailed) { H5Sget_simple_extent_ndims(space.id) })
    guard rank <= ReadLimit.rank else { throw error(.tooLarge, operation, "it has \(rank) axes") }
    var extent = [hsize_t](repeating: 0, count: rank)
    try call(operation, .readFailed) { H5Sget_simple_extent_dims(space.id, &extent, nil) }
    var shape: [Int] = []
    for length in extent {
      guard let length = Int(exactly: length) else {
        throw error(.tooLarge, operation, "an axis has \(length) elements")
      }
      shape.append(length)
    }
    return shape
  }

  /// Selects some rows of axis 0.
  func select(_ rows: Range<Int>, of shape: [Int], in space: Handle) throws(HDF5Error) {
    let start = [hsize_t(rows.lowerBound)] + shape.dropFirst().map { _ in 0 }
    let count = [hsize_t(rows.count)] + shape.dropFirst().map { hsize_t($0) }
    try call("select rows of", .readFailed) {
      H5Sselect_hyperslab(space.id, H5S_SELECT_SET, start, nil, count, nil)
    }
  }

  /// The number of elements of a shape; `nil` if it overflows `Int`.
  static func count(of shape: [Int]) -> Int? {
    // A zero anywhere makes the product zero, whatever the other axes claim.
    if shape.contains(0) { return 0 }
    var count = 1
    for length in shape {
      let (product, overflows) = count.multipliedReportingOverflow(by: length)
      if overflows { return nil }
      count = product
    }
    return count
  }

  /// The number of elements of a shape; throws if a read of that size is not plausible.
  ///
  /// - Parameter stored: The bytes that the file holds for the whole dataset. Compression shrinks
  ///   zeros about a thousandfold at best, so a much larger size means a forged header (or a
  ///   dataset that was never written) and must not be allocated.
  func checkedCount(
    of shape: [Int], elementBytes: Int, stored: Int, _ operation: String
  ) throws(HDF5Error) -> Int {
    let count = Self.count(of: shape) ?? .max
    let (bytes, overflows) = count.multipliedReportingOverflow(by: elementBytes)
    guard !overflows, bytes <= ReadLimit.bytes else {
      throw error(
        .tooLarge, operation,
        "shape \(shape) with \(elementBytes) bytes per element is more than one read may take "
          + "(\(ReadLimit.bytes >> 30) GiB)")
    }
    let plausible = stored.multipliedReportingOverflow(by: ReadLimit.expansion)
    let isLikely =
      bytes <= ReadLimit.likelyBytes || bytes / ReadLimit.likelyExpansion <= stored
    guard
      bytes <= ReadLimit.harmlessBytes
        || (isLikely && (plausible.overflow || bytes <= plausible.partialValue))
    else {
      throw error(
        .tooLarge, operation,
        "shape \(shape) needs \(bytes) bytes, but the file stores only \(stored) for it")
    }
    return count
  }
}

/// Limits on the sizes that a file may claim.
enum ReadLimit {
  /// The bytes of one read: 64 GiB, and at most half of the machine's memory.
  static let bytes = min(1 << 36, Int(clamping: ProcessInfo.processInfo.physicalMemory / 2))
  /// Bytes in memory per byte in the file; deflate reaches 1,032.
  static let expansion = 1_100
  /// A size that is always allowed, so that small datasets that were never written can be read.
  static let harmlessBytes = 1 << 26
  /// The largest size that is allowed with more than ``likelyExpansion``.
  static let likelyBytes = 1 << 28
  /// Bytes in memory per byte in the file, above which data are likely a decompression bomb or fill
  /// values.
  static let likelyExpansion = 64
  /// The number of axes, which is also the library's limit.
  static let rank = 32
  /// The links of one group.
  static let links = 100_000
  /// The attributes of one object.
  static let attributes = 10_000
  /// The objects of a file.
  static let objects = 100_000
  /// The names in a path.
  static let depth = 100
}
