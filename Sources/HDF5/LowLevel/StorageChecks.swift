import CHDF5

/// Checks of a dataset's header, made before anything is read.
extension LibraryCall {
  /// The type of a dataset's elements in the file.
  func type(of dataset: Handle) throws(HDF5Error) -> Handle {
    try open("read the type of", .readFailed, closedBy: H5Tclose) { H5Dget_type(dataset.id) }
  }

  /// Throws if the elements are in other files, which an untrusted file must not cause to be read.
  func refuseForeignElements(of dataset: Handle) throws(HDF5Error) {
    let operation = "open the dataset"
    let properties = try creationProperties(of: dataset)
    let layout = Library.locked { H5Pget_layout(properties.id) }
    guard [H5D_COMPACT, H5D_CONTIGUOUS, H5D_CHUNKED].contains(layout) else {
      throw error(.refersElsewhere, operation, "it is a view of other datasets (virtual layout)")
    }
    let external = try call(operation, .readFailed) { H5Pget_external_count(properties.id) }
    guard external == 0 else {
      throw error(.refersElsewhere, operation, "its elements are in other files (external storage)")
    }
  }

  /// The bytes that the file holds for a dataset; throws if that size, its chunks or its filters
  /// are not valid.
  func checkedStorage(of dataset: Handle, in file: Handle) throws(HDF5Error) -> Int {
    let operation = "read the dataset"
    let stored = Int(clamping: Library.locked { H5Dget_storage_size(dataset.id) })
    var fileBytes: hsize_t = 0
    try call(operation, .readFailed) { H5Fget_filesize(file.id, &fileBytes) }
    guard stored <= Int(clamping: fileBytes) else {
      throw error(
        .damaged, operation, "it claims \(stored) bytes in a file of \(fileBytes) bytes")
    }
    let properties = try creationProperties(of: dataset)
    let type = try type(of: dataset)
    let elementBytes = Library.locked { H5Tget_size(type.id) }
    try refuseUnknownFilters(in: properties, elementBytes: elementBytes)
    switch Library.locked({ H5Pget_layout(properties.id) }) {
    case H5D_CHUNKED:
      // The library allocates whole chunks.
      _ = try checkedCount(
        of: chunk(of: properties), elementBytes: elementBytes, stored: stored, operation)
    case H5D_CONTIGUOUS where stored > 0:
      let space = try open("read the shape of", .readFailed, closedBy: H5Sclose) {
        H5Dget_space(dataset.id)
      }
      let shape = try shape(of: space)
      guard let count = Self.count(of: shape), count <= stored / max(elementBytes, 1) else {
        throw error(
          .damaged, operation,
          "shape \(shape) with \(elementBytes) bytes per element does not fit into the \(stored) "
            + "bytes that the file stores for it")
      }
    default: break
    }
    return stored
  }

  /// The number of rows of axis 0 per chunk; 1 if the dataset is not stored in chunks.
  func chunkRows(of dataset: Handle) throws(HDF5Error) -> Int {
    let properties = try creationProperties(of: dataset)
    guard Library.locked({ H5Pget_layout(properties.id) }) == H5D_CHUNKED else { return 1 }
    return try chunk(of: properties).first ?? 1
  }

  private func chunk(of properties: Handle) throws(HDF5Error) -> [Int] {
    var chunk = [hsize_t](repeating: 0, count: ReadLimit.rank)
    let rank = Int(
      try call("read the dataset", .readFailed) {
        H5Pget_chunk(properties.id, Int32(ReadLimit.rank), &chunk)
      })
    return chunk.prefix(rank).map { Int(clamping: $0) }
  }

  /// Throws for filters that would be loaded as plugins: those of the library have the numbers 1 to
  /// 6, and ``LZF`` is built in.
  private func refuseUnknownFilters(
    in properties: Handle, elementBytes: Int
  ) throws(HDF5Error) {
    let operation = "read the dataset"
    let count = try call(operation, .readFailed) { H5Pget_nfilters(properties.id) }
    var filters: [H5Z_filter_t] = []
    for index in 0..<UInt32(clamping: count) {
      var (flags, valueCount, configuration) = (UInt32(0), 3, UInt32(0))
      var values = [UInt32](repeating: 0, count: 3)
      var name = [CChar](repeating: 0, count: 64)
      let filter = try call(operation, .readFailed) {
        H5Pget_filter2(
          properties.id, index, &flags, &valueCount, &values, name.count - 1, &name,
          &configuration)
      }
      filters.append(filter)
      if filter == LZF.filter {
        let elements = Self.count(of: try chunk(of: properties)) ?? .max
        let bytes = elements.multipliedReportingOverflow(by: elementBytes)
        // The library reads a whole chunk from the decoded bytes.
        guard valueCount >= 3, !bytes.overflow, bytes.partialValue == Int(values[2]) else {
          throw error(.damaged, operation, "its filter lzf is for chunks of a different size")
        }
        continue
      }
      guard ch5_is_own_filter(filter) != 0 else {
        let bytes = name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
        let text = String(decoding: bytes, as: UTF8.self)
        throw error(
          .unknownFilter, operation,
          "it uses the filter \(filter) ('\(text)'), which is not part of HDF5")
      }
    }
    let isPlain = filters.allSatisfy { $0 == LZF.filter || ch5_keeps_bytes($0) != 0 }
    guard !filters.contains(LZF.filter) || isPlain else {
      throw error(
        .unknownFilter, operation,
        "it uses the filter lzf with filters other than shuffle and fletcher32")
    }
  }

  private func creationProperties(of dataset: Handle) throws(HDF5Error) -> Handle {
    try open("open the dataset", .readFailed, closedBy: H5Pclose) {
      H5Dget_create_plist(dataset.id)
    }
  }
}
