import CHDF5

extension HDF5Group {
  /// Creates a group and the groups on its path; existing groups are kept.
  @discardableResult
  package func createGroup(_ path: String) throws(HDF5Error) -> HDF5Group {
    var current = path.hasPrefix("/") ? try group("/") : self
    for name in path.split(separator: "/").map(String.init) {
      current = try current.contains(name) ? current.group(name) : current.makeChild(name)
    }
    return current
  }

  /// Writes numbers in C order as a new dataset; missing groups on its path are created.
  ///
  /// - Parameters:
  ///   - shape: The lengths of the axes; `[]` for a scalar.
  ///   - fill: The fill value for missing elements (default: none).
  @discardableResult
  package func write<T: HDF5Number>(
    _ values: [T], shape: [Int], to path: String, storage: HDF5Storage = .contiguous,
    fill: T? = nil
  ) throws(HDF5Error) -> HDF5Dataset {
    let library = library.to(absolute(path))
    try library.check(shape, holds: values.count)
    let properties = try library.datasetCreation(shape: shape, storage: storage)
    if let fill { try library.setFill(fill, in: properties) }
    let dataset = try makeDataset(path, shape: shape, properties: properties) {
      T.numberKind.memoryType
    }
    try library.writeNumbers(values, to: .dataset(dataset.handle), "write the dataset")
    return dataset
  }

  /// Makes a dataset whose elements are written later, by rows.
  ///
  /// - Parameter shape: The lengths of the axes, all positive.
  package func reserve<T: HDF5Number>(
    _ type: T.Type, shape: [Int], at path: String
  ) throws(HDF5Error) {
    let library = library.to(absolute(path))
    let properties = try library.datasetCreation(shape: shape, storage: .contiguous)
    try library.neverFill(properties)
    _ = try makeDataset(path, shape: shape, properties: properties) { T.numberKind.memoryType }
  }

  /// Writes strings of variable length in UTF-8 as a new dataset; missing groups on its path are
  /// created.
  ///
  /// - Parameter shape: The lengths of the axes (default: one axis).
  @discardableResult
  package func write(
    _ strings: [String], shape: [Int]? = nil, to path: String
  ) throws(HDF5Error) -> HDF5Dataset {
    let library = library.to(absolute(path))
    let shape = shape ?? [strings.count]
    try library.check(shape, holds: strings.count)
    let properties = try library.datasetCreation(shape: shape, storage: .contiguous)
    let type = try library.textType(.variable)
    let dataset = try makeDataset(path, shape: shape, properties: properties) { type.id }
    try library.writeTexts(strings, to: .dataset(dataset.handle), type: type, "write the dataset")
    return dataset
  }

  private func makeChild(_ name: String) throws(HDF5Error) -> HDF5Group {
    let library = library.to(absolute(name))
    let link = try library.linkCreation()
    let creation = try library.groupCreation()
    let child = try library.open("create the group", .cannotCreate, closedBy: H5Gclose) {
      H5Gcreate2(handle.id, name, link.id, creation.id, ch5_default())
    }
    return group(child, at: name)
  }

  private func makeDataset(
    _ path: String, shape: [Int], properties: Handle, type: () -> hid_t
  ) throws(HDF5Error) -> HDF5Dataset {
    let library = library.to(absolute(path))
    let names = path.split(separator: "/").map(String.init)
    let parentPath = (path.hasPrefix("/") ? "/" : "") + names.dropLast().joined(separator: "/")
    let parent = try createGroup(parentPath)
    let space = try library.space(shape)
    let link = try library.linkCreation()
    let handle = try library.open("create the dataset", .cannotCreate, closedBy: H5Dclose) {
      H5Dcreate2(
        parent.handle.id, names.last ?? "", type(), space.id, link.id, properties.id, ch5_default())
    }
    return try HDF5Dataset(handle: handle, file: file, library: library)
  }
}

extension LibraryCall {
  /// Throws unless a shape has a given number of elements.
  func check(_ shape: [Int], holds count: Int) throws(HDF5Error) {
    var product = 1
    var isPossible = true
    for length in shape {
      let (next, overflows) = product.multipliedReportingOverflow(by: length)
      product = next
      isPossible = isPossible && length >= 0 && !overflows
    }
    guard isPossible, product == count else {
      throw error(
        .wrongShape, "write the dataset", "\(count) values do not fill the shape \(shape)")
    }
  }
}
