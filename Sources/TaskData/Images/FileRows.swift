import Foundation
import HDF5
import Records
import Tensors

/// How much memory the pixels of a file's sets may take.
struct PixelMemory {
  /// The limit of each set, in bytes.
  let bytes: Int
  /// Guards the file, whose sets are all read through one connection.
  let lock = NSLock()
}

/// Examples that stay in their file and are read in blocks on request; the blocks that were used
/// last are cached.
///
/// It is for sets larger than memory. Sequential access reads each block once; random access reads
/// a block for each row if the set is larger than the cache.
///
/// It is Sendable by its lock, which every method holds while it touches the file or the cache. A
/// Mutex cannot say so: it would have to own the file, and the sets of a file read it through one
/// connection, which is why they share `lock`.
final class FileRows: @unchecked Sendable {
  let count: Int
  /// Stored numbers per row.
  let rowLength: Int
  /// Rows per block: whole chunks of the file.
  let blockRows: Int
  /// Bytes of blocks to cache; one block is cached in any case.
  let capacity: Int
  private let lock: NSLock
  private let images: ImageRows
  private var blocks: [Int: (block: PixelBlock, lastUse: Int)] = [:]
  private var bytes = 0
  private var clock = 0

  init(_ images: ImageRows, memory: PixelMemory) {
    count = images.count
    rowLength = images.shape.count
    blockRows = images.blockRows(memory: memory.bytes)
    self.images = images
    capacity = memory.bytes
    lock = memory.lock
  }

  /// Bytes of the blocks that are cached now.
  var cachedBytes: Int {
    lock.lock()
    defer { lock.unlock() }
    return bytes
  }

  /// The block that holds a row, and the first row in it.
  ///
  /// - Throws: `Failure` if the file can no longer be read.
  func block(with row: Int) throws -> (block: PixelBlock, first: Int) {
    lock.lock()
    defer { lock.unlock() }
    let index = row / blockRows
    let first = index * blockRows
    clock += 1
    if let known = blocks[index] {
      blocks[index] = (known.block, clock)
      return (known.block, first)
    }
    let size = min(blockRows, count - first) * images.rowBytes
    while bytes + size > capacity,
      let oldest = blocks.min(by: { $0.value.lastUse < $1.value.lastUse })
    {
      blocks[oldest.key] = nil
      bytes -= oldest.value.block.byteCount
    }
    let block = try images.read(first..<min(first + blockRows, count))
    blocks[index] = (block, clock)
    bytes += block.byteCount
    return (block, first)
  }
}
