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

  init(handle: Handle, file: Handle, door: Door) {
    self.handle = handle
    self.file = file
    self.door = door
  }

  /// The absolute path.
  package var path: String { door.objectPath }

  package var attributes: HDF5Attributes { HDF5Attributes(owner: handle, file: file, door: door) }

  /// Opens a group.
  package func group(_ path: String) throws(HDF5Error) -> HDF5Group {
    let (start, door) = origin(of: path)
    let handle = try door.open(path, from: start, expecting: H5I_GROUP, "open the group")
    return group(handle, at: path)
  }

  /// Opens a dataset.
  ///
  /// - Throws: `refersElsewhere` for datasets whose elements lie in other files.
  package func dataset(_ path: String) throws(HDF5Error) -> HDF5Dataset {
    let (start, door) = origin(of: path)
    let handle = try door.open(path, from: start, expecting: H5I_DATASET, "open the dataset")
    return try HDF5Dataset(handle: handle, file: file, door: self.door.to(absolute(path)))
  }

  /// Whether an object of this name can be opened: every link on the way exists and stays inside
  /// the file.
  package func contains(_ path: String) throws(HDF5Error) -> Bool {
    let (start, door) = origin(of: path)
    if case .found = try door.resolve(path, from: start) { return true }
    return false
  }

  /// The names of the direct children, sorted.
  package func childNames() throws(HDF5Error) -> [String] { try door.linkNames(of: handle) }

  func absolute(_ path: String) -> String { HDF5Path.join(self.path, path) }

  func group(_ handle: Handle, at path: String) -> HDF5Group {
    HDF5Group(handle: handle, file: file, door: door.to(absolute(path)))
  }

  private func origin(of path: String) -> (Handle, Door) {
    path.hasPrefix("/") ? (file, door.to("/")) : (handle, door)
  }
}
