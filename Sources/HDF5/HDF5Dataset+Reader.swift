/// Reading from datasets of a file that another process has open.
extension HDF5Dataset {
  /// The number of rows of axis 0 per chunk; 1 if the dataset is not stored in chunks.
  package func chunkRows() throws(HDF5Error) -> Int {
    if reader != nil { return readerChunkRows }
    return try library.chunkRows(of: handle)
  }

  /// Reads numbers, in blocks of whole chunks that fit into the memory of a reader.
  ///
  /// - Parameter rows: the rows of axis 0 to read; `nil` for all elements.
  func read<T: HDF5Number>(
    _ rows: Range<Int>?, as type: T.Type, by reader: ReaderClient, _ operation: String
  ) throws(HDF5Error) -> [T] {
    var request = ReadRequest(.numbers, path)
    request.kind = T.numberKind
    request.rows = rows
    let length = (rows ?? 0..<(shape.first ?? 1)).count
    guard let count = LibraryCall.count(of: shape(of: rows)),
      count <= ReadLimit.bytes / T.numberKind.bytes
    else {
      // Too large: the reader throws the error that says why.
      try reader.call(request, library, operation)
      return []
    }
    let rowBytes = count / max(length, 1) * T.numberKind.bytes
    let blocks = Self.blocks(
      of: rows ?? 0..<length, rowBytes: rowBytes, chunkRows: readerChunkRows)
    if blocks.count > 1 {
      request.operation = .checkNumbers
      try reader.call(request, library, operation)
      request.operation = .numbers
    }
    try library.requireMemory(count * T.numberKind.bytes, operation)
    var failure: HDF5Error?
    let values = [T](unsafeUninitializedCapacity: count) { buffer, initialized in
      var rest = UnsafeMutableRawBufferPointer(buffer)[...].prefix(count * T.numberKind.bytes)
      do throws(HDF5Error) {
        for block in blocks {
          if blocks.count > 1 { request.rows = block }
          let bytes = blocks.count > 1 ? block.count * rowBytes : rest.count
          try reader.fill(
            UnsafeMutableRawBufferPointer(rebasing: rest.prefix(bytes)), request,
            workBytes: max(bytes, min(readerChunkRows, length) * rowBytes), library, operation)
          rest = rest.dropFirst(bytes)
        }
        initialized = count
      } catch {
        failure = error
        initialized = 0
      }
    }
    if let failure { throw failure }
    return values
  }

  /// Reads the bytes of opaque elements.
  func readOpaque(
    elementBytes: Int, by reader: ReaderClient, _ operation: String
  ) throws(HDF5Error) -> [UInt8] {
    var request = ReadRequest(.opaque, path)
    request.number = elementBytes
    guard let count = LibraryCall.count(of: shape), count <= ReadLimit.bytes / max(elementBytes, 1)
    else {
      // Too large: the reader throws the error that says why.
      try reader.call(request, library, operation)
      return []
    }
    try library.requireMemory(count * elementBytes, operation)
    var failure: HDF5Error?
    let bytes = [UInt8](unsafeUninitializedCapacity: count * elementBytes) { buffer, initialized in
      do throws(HDF5Error) {
        try reader.fill(
          UnsafeMutableRawBufferPointer(
            rebasing: UnsafeMutableRawBufferPointer(buffer)[...]
              .prefix(count * elementBytes)), request, workBytes: count * elementBytes, library,
          operation)
        initialized = count * elementBytes
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Divides rows into blocks of whole chunks, since a chunk is decompressed as a whole.
  private static func blocks(
    of rows: Range<Int>, rowBytes: Int, chunkRows: Int
  ) -> [Range<Int>] {
    let chunk = max(1, min(chunkRows, rows.upperBound))
    let wanted = blockBytes / max(rowBytes, 1)
    guard rows.count > wanted else { return [rows] }
    let step = max(wanted / chunk, 1) * chunk
    var blocks: [Range<Int>] = []
    var start = rows.lowerBound
    while start < rows.upperBound {
      let end = min((start / step + 1) * step, rows.upperBound)
      blocks.append(start..<end)
      start = end
    }
    return blocks
  }

  /// The bytes of a block: large enough for speed, small enough for the memory of a reader.
  private static let blockBytes = 16 << 20
}
