/// Datasets of a file that another process has open.
extension HDF5Dataset {
  /// Rows of axis 0 that are stored together: 1 unless the dataset is stored in chunks.
  package func chunkRows() throws(HDF5Error) -> Int {
    if reader != nil { return readerChunkRows }
    return try door.chunkRows(of: handle)
  }

  /// Reads numbers, in blocks of whole chunks that a reader has memory for.
  ///
  /// - Parameter rows: `nil` for all elements.
  func read<T: HDF5Number>(
    _ rows: Range<Int>?, as type: T.Type, by reader: ReaderClient, _ operation: String
  ) throws(HDF5Error) -> [T] {
    var request = ReadRequest(.numbers, path)
    request.kind = T.numberKind
    request.rows = rows
    let length = (rows ?? 0..<(shape.first ?? 1)).count
    guard let count = Door.count(of: shape(of: rows)), count <= ReadLimit.bytes / T.numberKind.bytes
    else {
      // The reader says why this is too much.
      try reader.call(request, door, operation)
      return []
    }
    let rowBytes = count / max(length, 1) * T.numberKind.bytes
    let blocks = Self.blocks(
      of: rows ?? 0..<length, rowBytes: rowBytes, chunkRows: readerChunkRows)
    if blocks.count > 1 {
      request.operation = .checkNumbers
      try reader.call(request, door, operation)
      request.operation = .numbers
    }
    try door.requireMemory(count * T.numberKind.bytes, operation)
    var failure: HDF5Error?
    let values = [T](unsafeUninitializedCapacity: count) { buffer, initialized in
      var rest = UnsafeMutableRawBufferPointer(buffer)[...].prefix(count * T.numberKind.bytes)
      do throws(HDF5Error) {
        for block in blocks {
          if blocks.count > 1 { request.rows = block }
          let bytes = blocks.count > 1 ? block.count * rowBytes : rest.count
          try reader.fill(
            UnsafeMutableRawBufferPointer(rebasing: rest.prefix(bytes)), request,
            workBytes: max(bytes, min(readerChunkRows, length) * rowBytes), door, operation)
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
    guard let count = Door.count(of: shape), count <= ReadLimit.bytes / max(elementBytes, 1)
    else {
      // The reader says why this is too much.
      try reader.call(request, door, operation)
      return []
    }
    try door.requireMemory(count * elementBytes, operation)
    var failure: HDF5Error?
    let bytes = [UInt8](unsafeUninitializedCapacity: count * elementBytes) { buffer, initialized in
      do throws(HDF5Error) {
        try reader.fill(
          UnsafeMutableRawBufferPointer(
            rebasing: UnsafeMutableRawBufferPointer(buffer)[...]
              .prefix(count * elementBytes)), request, workBytes: count * elementBytes, door,
          operation)
        initialized = count * elementBytes
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Divides rows into blocks that end where chunks do: a chunk is decompressed as a whole.
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

  /// Large enough for speed, small enough for the memory of a reader.
  private static let blockBytes = 16 << 20
}
