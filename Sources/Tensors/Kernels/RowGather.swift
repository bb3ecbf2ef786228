/// Copies examples between plain arrays and the buffers of a program.
package enum RowGather {
  /// Copies rows of `values`, `[count, rowLength]`, into the first rows of `buffer`.
  ///
  /// - Precondition: every row exists and all fit into the buffer.
  package static func copy(
    rows: ArraySlice<Int>, of values: [Float], rowLength: Int, into buffer: TensorBuffer
  ) {
    precondition(rows.count * rowLength <= buffer.count, "the rows fit into the buffer")
    values.withUnsafeBufferPointer { source in
      let destination = buffer.storage
      for (position, row) in rows.enumerated() {
        _ = UnsafeMutableBufferPointer(
          rebasing: destination[position * rowLength..<(position + 1) * rowLength]
        ).update(fromContentsOf: source[row * rowLength..<(row + 1) * rowLength])
      }
    }
  }

  /// Appends the first `rows` rows of `buffer` to `values`.
  package static func append(
    rows: Int, rowLength: Int, of buffer: TensorBuffer, to values: inout [Float]
  ) {
    values.append(contentsOf: UnsafeBufferPointer(rebasing: buffer.storage[0..<rows * rowLength]))
  }

  /// Copies the first `rows` rows of `source` to the rows of `destination` that begin with `first`.
  ///
  /// - Precondition: the rows exist in both.
  package static func copy(
    rows: Int, rowLength: Int, of source: TensorBuffer, into destination: TensorBuffer,
    from first: Int
  ) {
    _ = UnsafeMutableBufferPointer(
      rebasing: destination.storage[first * rowLength..<(first + rows) * rowLength]
    ).update(
      fromContentsOf: UnsafeMutableBufferPointer(rebasing: source.storage[0..<rows * rowLength]))
  }
}
