import CHDF5

extension LibraryCall {
  /// Reads `count` strings.
  ///
  /// Bytes that are not UTF-8 become replacement characters: old files contain Latin-1.
  func readTexts(
    _ count: Int, fileType: Handle, space: Handle, from elements: Elements, _ operation: String
  ) throws(HDF5Error) -> [String] {
    guard count > 0 else { return [] }
    let (layout, type) = try textType(like: fileType)
    // A string takes sixteen bytes in addition to its own.
    try requireMemory(count * 16, operation)
    switch layout {
    case .variable: return try readVariable(count, type, space, elements, operation)
    case .fixed(let bytes): return try readFixed(count, bytes, type, elements, operation)
    }
  }

  private func readVariable(
    _ count: Int, _ type: Handle, _ space: Handle, _ elements: Elements, _ operation: String
  ) throws(HDF5Error) -> [String] {
    var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
    return try Library.locked { () throws(HDF5Error) -> [String] in
      try call(operation, .readFailed) {
        pointers.withUnsafeMutableBytes { buffer in
          buffer.baseAddress.map { elements.read(type.id, into: $0) } ?? 0
        }
      }
      let texts = pointers.map { pointer in pointer.map { String(cString: $0) } ?? "" }
      // The library allocated the strings and has to free them.
      try call(operation, .readFailed) {
        pointers.withUnsafeMutableBytes {
          H5Dvlen_reclaim(type.id, space.id, ch5_default(), $0.baseAddress)
        }
      }
      return texts
    }
  }

  private func readFixed(
    _ count: Int, _ width: Int, _ type: Handle, _ elements: Elements, _ operation: String
  ) throws(HDF5Error) -> [String] {
    try requireMemory(count * width, operation)
    var bytes = [UInt8](repeating: 0, count: count * width)
    try call(operation, .readFailed) {
      bytes.withUnsafeMutableBytes { buffer in
        buffer.baseAddress.map { elements.read(type.id, into: $0) } ?? 0
      }
    }
    let isPaddedWithSpaces = Library.locked { H5Tget_strpad(type.id) } == H5T_STR_SPACEPAD
    return (0..<count).map { index in
      var text = bytes[index * width..<(index + 1) * width].prefix { $0 != 0 }
      while isPaddedWithSpaces, text.last == UInt8(ascii: " ") { text.removeLast() }
      return String(decoding: text, as: UTF8.self)
    }
  }

  /// Writes strings of variable length.
  func writeTexts(
    _ texts: [String], to elements: Elements, type: Handle, _ operation: String
  ) throws(HDF5Error) {
    // One block of NUL-terminated strings, and pointers into it.
    var block: [CChar] = []
    var offsets: [Int] = []
    for text in texts {
      offsets.append(block.count)
      block.append(contentsOf: text.utf8CString)
    }
    try call(operation, .writeFailed) {
      block.withUnsafeBufferPointer { block in
        offsets.map { offset in block.baseAddress.map { $0 + offset } }.withUnsafeBytes {
          pointers in
          pointers.baseAddress.map { elements.write(type.id, from: $0) } ?? 0
        }
      }
    }
  }
}
