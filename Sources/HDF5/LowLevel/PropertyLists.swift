import CHDF5

/// Property lists, each made for one call.
extension LibraryCall {
  private func propertyList(of listClass: hid_t) throws(HDF5Error) -> Handle {
    try open("prepare", .cannotCreate, closedBy: H5Pclose) { H5Pcreate(listClass) }
  }

  /// Properties of file access: closing the file closes all objects in it, since otherwise a
  /// forgotten dataset would keep it open.
  func fileAccess() throws(HDF5Error) -> Handle {
    let list = try propertyList(of: ch5_file_access_class())
    try call("prepare", .cannotOpen) { H5Pset_fclose_degree(list.id, H5F_CLOSE_STRONG) }
    return list
  }

  /// Sets that the file is built in memory and never written to disk.
  func keepInMemory(_ access: Handle) throws(HDF5Error) {
    let growth = 4 << 20
    try call("prepare", .cannotCreate) { ch5_keep_in_memory(access.id, growth) }
  }

  /// Sets that the content of the file is read from memory.
  func readFromMemory(_ image: [UInt8], _ access: Handle) throws(HDF5Error) {
    try keepInMemory(access)
    try call("prepare", .cannotOpen) {
      // The library copies the bytes, which are only borrowed here.
      image.withUnsafeBytes { bytes in
        H5Pset_file_image(
          access.id, UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
      }
    }
  }

  /// Properties of file creation, which apply to the root group.
  func fileCreation() throws(HDF5Error) -> Handle {
    try groupCreation(of: ch5_file_create_class())
  }

  func groupCreation() throws(HDF5Error) -> Handle {
    try groupCreation(of: ch5_group_create_class())
  }

  /// Properties of groups: the creation order is tracked, which netCDF-4 requires to extend a file.
  private func groupCreation(of listClass: hid_t) throws(HDF5Error) -> Handle {
    let list = try objectCreation(of: listClass)
    try call("prepare", .cannotCreate) { H5Pset_link_creation_order(list.id, ch5_ordered()) }
    return list
  }

  /// Properties that groups and datasets share: the creation order of attributes is tracked, and
  /// times are not stored, so that equal content gives equal bytes.
  private func objectCreation(of listClass: hid_t) throws(HDF5Error) -> Handle {
    let list = try propertyList(of: listClass)
    try call("prepare", .cannotCreate) { H5Pset_attr_creation_order(list.id, ch5_ordered()) }
    try call("prepare", .cannotCreate) { ch5_forget_times(list.id) }
    return list
  }

  /// Properties of link creation: names are UTF-8.
  func linkCreation() throws(HDF5Error) -> Handle {
    let list = try propertyList(of: ch5_link_create_class())
    try call("prepare", .cannotCreate) { H5Pset_char_encoding(list.id, H5T_CSET_UTF8) }
    return list
  }

  func datasetCreation(shape: [Int], storage: HDF5Storage) throws(HDF5Error) -> Handle {
    let list = try objectCreation(of: ch5_dataset_create_class())
    // A chunk needs at least one element, which scalars and empty datasets do not have.
    guard case .chunked(let rows, let compression) = storage, !shape.isEmpty, !shape.contains(0)
    else { return list }
    let chunk = [hsize_t(min(max(rows, 1), shape[0]))] + shape.dropFirst().map { hsize_t($0) }
    try call("set the chunks of", .wrongShape) { H5Pset_chunk(list.id, Int32(chunk.count), chunk) }
    if compression > 0 {
      try call("prepare", .cannotCreate) { H5Pset_shuffle(list.id) }
      try call("prepare", .cannotCreate) { H5Pset_deflate(list.id, UInt32(clamping: compression)) }
    }
    return list
  }

  /// Sets that elements are not written before their values are known.
  func neverFill(_ list: Handle) throws(HDF5Error) {
    try call("prepare", .cannotCreate) { H5Pset_fill_time(list.id, H5D_FILL_TIME_NEVER) }
  }

  /// Sets the value of unwritten elements.
  func setFill<T: HDF5Number>(_ fill: T, in list: Handle) throws(HDF5Error) {
    try call("set the fill value of", .cannotCreate) {
      withUnsafePointer(to: fill) { H5Pset_fill_value(list.id, T.numberKind.memoryType, $0) }
    }
  }
}
