import CHDF5

/// A group of a file: names of groups and datasets.
///
/// A path is relative to the group, or absolute with a leading `/`. Soft links are followed, links
/// into other files are not: they count as missing and cannot be opened.
package final class HDF5Group {
  let handle: Handle
  /// Kept so that the file stays open as long as its groups.
  let file: Handle
  let door: Door
  /// The reader that has the file open, where this process has not.
  let reader: ReaderClient?

  init(handle: Handle, file: Handle, door: Door, reader: ReaderClient? = nil) {
    self.handle = handle
    self.file = file
    self.door = door
    self.reader = reader
  }

  /// The absolute path.
  package var path: String { door.objectPath }

  /// The path of the file.
  package var filePath: String { door.file }

  package var attributes: HDF5Attributes {
    HDF5Attributes(
      owner: handle, file: file, door: door, reader: reader.map { ($0, ReadRequest.Owner.group) })
  }

  /// Opens a group.
  package func group(_ path: String) throws(HDF5Error) -> HDF5Group {
    let operation = "open the group"
    if let reader {
      try reader.call(ReadRequest(.openGroup, absolute(path)), door.to(absolute(path)), operation)
      return group(.nowhere(), at: path)
    }
    let (start, door) = origin(of: path)
    let handle = try door.open(path, from: start, expecting: H5I_GROUP, operation)
    return group(handle, at: path)
  }

  /// Opens a dataset.
  ///
  /// - Throws: `refersElsewhere` for datasets whose elements lie in other files.
  package func dataset(_ path: String) throws(HDF5Error) -> HDF5Dataset {
    let operation = "open the dataset"
    let target = door.to(absolute(path))
    if let reader {
      let header = try reader.header(
        ReadRequest(.openDataset, absolute(path)), target, operation)
      return HDF5Dataset(header, reader: reader, door: target)
    }
    let (start, door) = origin(of: path)
    let handle = try door.open(path, from: start, expecting: H5I_DATASET, operation)
    return try HDF5Dataset(handle: handle, file: file, door: target)
  }

  /// Whether an object of this name can be opened: every link on the way exists and stays inside
  /// the file.
  package func contains(_ path: String) throws(HDF5Error) -> Bool {
    if let reader {
      let request = ReadRequest(.contains, absolute(path))
      return try reader.truth(of: request, door.to(absolute(path)), "look for")
    }
    let (start, door) = origin(of: path)
    if case .found = try door.resolve(path, from: start) { return true }
    return false
  }

  /// The names of the direct children, sorted.
  package func childNames() throws(HDF5Error) -> [String] {
    if let reader {
      return try reader.texts(ReadRequest(.childNames, path), door, "list the group")
    }
    return try door.linkNames(of: handle)
  }

  /// The absolute paths of all datasets below the group, each once, sorted; links other than hard
  /// ones are left out.
  ///
  /// - Throws: `tooLarge` where there are more objects than a file of ours or Keras's could have.
  package func datasetPaths() throws(HDF5Error) -> [String] {
    if let reader {
      return try reader.texts(ReadRequest(.datasetPaths, path), door, "list the group")
    }
    return try door.datasetNames(below: handle).map { HDF5Path.join(path, $0) }
  }

  func absolute(_ path: String) -> String { HDF5Path.join(self.path, path) }

  func group(_ handle: Handle, at path: String) -> HDF5Group {
    HDF5Group(handle: handle, file: file, door: door.to(absolute(path)), reader: reader)
  }

  private func origin(of path: String) -> (Handle, Door) {
    path.hasPrefix("/") ? (file, door.to("/")) : (handle, door)
  }
}
