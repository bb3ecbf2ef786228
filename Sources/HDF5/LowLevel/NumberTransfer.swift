import CHDF5
import Foundation

extension LibraryCall {
  /// Reads `count` numbers.
  func readNumbers<T: HDF5Number>(
    _ count: Int, as type: T.Type, from elements: Elements, _ operation: String
  ) throws(HDF5Error) -> [T] {
    try read(count, from: elements, as: T.numberKind, operation)
  }

  /// Reads `count` numbers as their bytes in memory.
  func readBytes(
    _ count: Int, as kind: HDF5NumberKind, from elements: Elements, _ operation: String
  ) throws(HDF5Error) -> [UInt8] {
    try read(count * kind.bytes, from: elements, as: kind, operation)
  }

  /// Reads numbers into an array of numbers, or of their bytes.
  private func read<Element: HDF5Number>(
    _ count: Int, from elements: Elements, as kind: HDF5NumberKind, _ operation: String
  ) throws(HDF5Error) -> [Element] {
    guard count > 0 else { return [] }
    try requireMemory(count * MemoryLayout<Element>.stride, operation)
    var failure: HDF5Error?
    let values = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      // The library does not set elements that were never written and have no fill value.
      bytes.initializeMemory(as: UInt8.self, repeating: 0)
      initialized = count
      guard let start = bytes.baseAddress else { return }
      do throws(HDF5Error) {
        try call(operation, .readFailed) { elements.read(kind.memoryType, into: start) }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return values
  }

  /// Throws if memory cannot be allocated: a failed allocation by Swift itself would end the
  /// process.
  func requireMemory(_ bytes: Int, _ operation: String) throws(HDF5Error) {
    // Smaller sizes are assumed to be available: without them nothing works anyway.
    guard bytes > 1 << 20 else { return }
    // Not malloc, which the compiler may remove if nothing is stored.
    let memory = mmap(nil, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard memory != MAP_FAILED else {
      throw error(
        .outOfMemory, operation,
        "it needs \(bytes >> 20) MiB of memory, more than the process may use")
    }
    munmap(memory, bytes)
  }

  /// Writes numbers, or the bytes of a string with its type.
  func writeNumbers<T: HDF5Number>(
    _ values: [T], to elements: Elements, asText type: Handle? = nil, _ operation: String
  ) throws(HDF5Error) {
    try call(operation, .writeFailed) {
      values.withUnsafeBytes { bytes in
        bytes.baseAddress.map {
          elements.write(type?.id ?? T.numberKind.memoryType, from: $0)
        } ?? 0
      }
    }
  }
}
