import CHDF5

/// Lists of names, which the library returns one at a time or in a buffer.
extension LibraryCall {
  /// The names of a group's links, sorted.
  func linkNames(of group: Handle) throws(HDF5Error) -> [String] {
    var names: [String] = []
    try call("list the group", .readFailed) {
      withUnsafeMutablePointer(to: &names) { names in
        ch5_each_link(
          group.id,
          { name, context in
            if let name, let names = context?.assumingMemoryBound(to: [String].self) {
              names.pointee.append(String(cString: name))
              if names.pointee.count > ReadLimit.links { return 1 }
            }
            return 0
          }, names)
      }
    }
    guard names.count <= ReadLimit.links else {
      throw error(.tooLarge, "list the group", "it has more than \(ReadLimit.links) links")
    }
    return names.sorted()
  }

  /// The paths of all datasets below a group, relative to it and sorted, each dataset once.
  func datasetNames(below group: Handle) throws(HDF5Error) -> [String] {
    let operation = "list the group"
    var found = (names: [String](), visited: 0)
    try call(operation, .readFailed) {
      withUnsafeMutablePointer(to: &found) { found in
        ch5_each_object(
          group.id,
          { name, isDataset, context in
            let found = context?.assumingMemoryBound(to: (names: [String], visited: Int).self)
            guard let found, let name else { return 0 }
            found.pointee.visited += 1
            if isDataset != 0 { found.pointee.names.append(String(cString: name)) }
            return found.pointee.visited > ReadLimit.objects ? 1 : 0
          }, found)
      }
    }
    guard found.visited <= ReadLimit.objects else {
      throw error(.tooLarge, operation, "it has more than \(ReadLimit.objects) objects")
    }
    return found.names.sorted()
  }

  /// The names of an object's attributes, sorted.
  func attributeNames(of object: Handle) throws(HDF5Error) -> [String] {
    var names: [String] = []
    try call("list the attributes of", .readFailed) {
      withUnsafeMutablePointer(to: &names) { names in
        H5Aiterate2(
          object.id, H5_INDEX_NAME, H5_ITER_NATIVE, nil,
          { _, name, _, context in
            if let name, let names = context?.assumingMemoryBound(to: [String].self) {
              names.pointee.append(String(cString: name))
              if names.pointee.count > ReadLimit.attributes { return 1 }
            }
            return 0
          }, names)
      }
    }
    guard names.count <= ReadLimit.attributes else {
      throw error(
        .tooLarge, "list the attributes of", "it has more than \(ReadLimit.attributes) attributes")
    }
    return names.sorted()
  }

  /// The paths of the scales attached to an axis.
  func scalePaths(of dataset: Handle, axis: Int) throws(HDF5Error) -> [String] {
    var paths: [String] = []
    try call("list the scales of", .readFailed) {
      withUnsafeMutablePointer(to: &paths) { paths in
        H5DSiterate_scales(
          dataset.id, UInt32(clamping: axis), nil,
          { _, _, scale, context in
            context?.assumingMemoryBound(to: [String].self).pointee.append(
              LibraryCall.path(of: scale))
            return 0
          }, paths)
      }
    }
    return paths
  }

  private static func path(of object: hid_t) -> String {
    let length = H5Iget_name(object, nil, 0)
    guard length > 0 else { return "" }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: length + 1) { buffer in
      H5Iget_name(object, buffer.baseAddress, buffer.count)
      return buffer.baseAddress.map { String(cString: $0) } ?? ""
    }
  }
}
