import CHDF5

/// What a dataset's header claims, checked before anything is read by it.
extension Door {
  /// The type of the elements in the file.
  func type(of dataset: Handle) throws(HDF5Error) -> Handle {
    try open("read the type of", .readFailed, closedBy: H5Tclose) { H5Dget_type(dataset.id) }
  }

  /// Throws if the elements lie in other files, which a foreign file must not make us read.
  func refuseForeignElements(of dataset: Handle) throws(HDF5Error) {
    let operation = "open the dataset"
    let properties = try creationProperties(of: dataset)
    let layout = Library.locked { H5Pget_layout(properties.id) }
    guard [H5D_COMPACT, H5D_CONTIGUOUS, H5D_CHUNKED].contains(layout) else {
      throw error(.refersElsewhere, operation, "it is a view of other datasets (virtual layout)")
    }
    let external = try call(operation, .readFailed) { H5Pget_external_count(properties.id) }
    guard external == 0 else {
      throw error(.refersElsewhere, operation, "its elements lie in other files (external storage)")
    }
  }

  /// The bytes that the file holds for a dataset, if that and its chunks are possible.
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
    if Library.locked({ H5Pget_layout(properties.id) }) == H5D_CHUNKED {
      var chunk = [hsize_t](repeating: 0, count: 32)
      let rank = Int(
        try call(operation, .readFailed) { H5Pget_chunk(properties.id, 32, &chunk) })
      let type = try type(of: dataset)
      // The library allocates whole chunks.
      _ = try checkedCount(
        of: chunk.prefix(rank).map { Int(clamping: $0) },
        elementBytes: Library.locked { H5Tget_size(type.id) }, stored: stored, operation)
    }
    return stored
  }

  private func creationProperties(of dataset: Handle) throws(HDF5Error) -> Handle {
    try open("open the dataset", .readFailed, closedBy: H5Pclose) {
      H5Dget_create_plist(dataset.id)
    }
  }
}
