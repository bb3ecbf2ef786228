/// Copies examples between plain arrays and the buffers of a program.
///
/// The copies themselves are not checked, so each function first requires that all rows exist.
package enum RowGather {
  /// Copies rows of `values`, `[count, rowLength]`, into the first rows of `buffer`.
  ///
  /// - Precondition: every row exists and all fit into the buffer.
  package static func copy(
    rows: ArraySlice<Int>, of values: [Float], rowLength: Int, into buffer: TensorBuffer
  ) {
    precondition(
      rowLength >= 0 && rows.count * rowLength <= buffer.count, "the rows fit into the buffer")
    values.withUnsafeBufferPointer { source in
      let destination = buffer.storage
      for (position, row) in rows.enumerated() {
        precondition(row >= 0 && (row + 1) * rowLength <= source.count, "the row exists")
        _ = UnsafeMutableBufferPointer(
          rebasing: destination[position * rowLength..<(position + 1) * rowLength]
        ).update(fromContentsOf: source[row * rowLength..<(row + 1) * rowLength])
      }
    }
  }

  /// Appends the first `rows` rows of `buffer` to `values`.
  ///
  /// - Precondition: the rows exist.
  package static func append(
    rows: Int, rowLength: Int, of buffer: TensorBuffer, to values: inout [Float]
  ) {
    buffer.requireRows(0..<rows, length: rowLength)
    values.append(contentsOf: UnsafeBufferPointer(rebasing: buffer.storage[0..<rows * rowLength]))
  }

  /// Copies the first `rows` rows of `source` to the rows of `destination` that begin with `first`.
  ///
  /// - Precondition: the rows exist in both.
  package static func copy(
    rows: Int, rowLength: Int, of source: TensorBuffer, into destination: TensorBuffer,
    from first: Int
  ) {
    source.requireRows(0..<rows, length: rowLength)
    destination.requireRows(first..<first + rows, length: rowLength)
    _ = UnsafeMutableBufferPointer(
      rebasing: destination.storage[first * rowLength..<(first + rows) * rowLength]
    ).update(
      fromContentsOf: UnsafeMutableBufferPointer(rebasing: source.storage[0..<rows * rowLength]))
  }
}

extension TensorBuffer {
  /// Requires that the buffer has the rows of so many values.
  fileprivate func requireRows(_ rows: Range<Int>, length: Int) {
    precondition(
      rows.lowerBound >= 0 && length >= 0 && rows.upperBound * length <= count,
      "the rows exist in the buffer")
  }
}
