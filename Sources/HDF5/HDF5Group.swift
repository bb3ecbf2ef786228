import CHDF5

/// A group of a file, which contains groups and datasets by name.
///
/// A path is relative to the group, or absolute with a leading `/`. Soft links are followed. Links
/// to other files are not followed: they count as missing and cannot be opened.
package final class HDF5Group {
  let handle: Handle
  /// The file, kept so that it stays open as long as its groups.
  let file: Handle
  let library: LibraryCall
  /// The reader, if another process has the file open.
  let reader: ReaderClient?

  init(handle: Handle, file: Handle, library: LibraryCall, reader: ReaderClient? = nil) {
    self.handle = handle
    self.file = file
    self.library = library
    self.reader = reader
  }

  /// The absolute path.
  package var path: String { library.objectPath }

  /// The path of the file.
  package var filePath: String { library.file }

  package var attributes: HDF5Attributes {
    HDF5Attributes(
      owner: handle, file: file, library: library,
      reader: reader.map { ($0, ReadRequest.Owner.group) })
  }

  /// Opens a group.
  package func group(_ path: String) throws(HDF5Error) -> HDF5Group {
    let operation = "open the group"
    if let reader {
      try reader.call(
        ReadRequest(.openGroup, absolute(path)), library.to(absolute(path)), operation)
      return group(.nowhere(), at: path)
    }
    let (start, library) = origin(of: path)
    let handle = try library.open(path, from: start, expecting: H5I_GROUP, operation)
    return group(handle, at: path)
  }

  /// Opens a dataset.
  ///
  /// - Throws: `refersElsewhere` for datasets whose elements are in other files.
  package func dataset(_ path: String) throws(HDF5Error) -> HDF5Dataset {
    let operation = "open the dataset"
    let target = library.to(absolute(path))
    if let reader {
      let header = try reader.header(
        ReadRequest(.openDataset, absolute(path)), target, operation)
      return HDF5Dataset(header, reader: reader, library: target)
    }
    let (start, library) = origin(of: path)
    let handle = try library.open(path, from: start, expecting: H5I_DATASET, operation)
    return try HDF5Dataset(handle: handle, file: file, library: target)
  }

  /// Whether an object can be opened: every link on its path exists and stays inside the file.
  package func contains(_ path: String) throws(HDF5Error) -> Bool {
    if let reader {
      let request = ReadRequest(.contains, absolute(path))
      return try reader.truth(of: request, library.to(absolute(path)), "look for")
    }
    let (start, library) = origin(of: path)
    if case .found = try library.resolve(path, from: start) { return true }
    return false
  }

  /// The names of the direct children, sorted.
  package func childNames() throws(HDF5Error) -> [String] {
    if let reader {
      return try reader.texts(ReadRequest(.childNames, path), library, "list the group")
    }
    return try library.linkNames(of: handle)
  }

  /// The absolute paths of all datasets below the group, sorted, each dataset once; only hard links
  /// are followed.
  ///
  /// - Throws: `tooLarge` if there are more objects than any file of tlbench or Keras has.
  package func datasetPaths() throws(HDF5Error) -> [String] {
    if let reader {
      return try reader.texts(ReadRequest(.datasetPaths, path), library, "list the group")
    }
    return try library.datasetNames(below: handle).map { HDF5Path.join(path, $0) }
  }

  func absolute(_ path: String) -> String { HDF5Path.join(self.path, path) }

  func group(_ handle: Handle, at path: String) -> HDF5Group {
    HDF5Group(handle: handle, file: file, library: library.to(absolute(path)), reader: reader)
  }

  private func origin(of path: String) -> (Handle, LibraryCall) {
    path.hasPrefix("/") ? (file, library.to("/")) : (handle, library)
  }
}
