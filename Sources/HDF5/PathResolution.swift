import CHDF5

/// Resolution of paths, one link at a time.
///
/// The library's own traversal would fail with the same error for a missing group, a missing
/// dataset, and a link to another file.
extension LibraryCall {
  enum Resolution {
    case found(Handle, H5I_type_t)
    /// A link is missing or leads nowhere, with the message that says so.
    case missing(String)
    /// A link leads to another file, with the message that says so.
    case external(String)
  }

  /// Resolves a path from a group, or from the file, which stands for its root.
  func resolve(_ path: String, from start: Handle) throws(HDF5Error) -> Resolution {
    try Library.locked { () throws(HDF5Error) -> Resolution in
      let names = path.split(separator: "/").map(String.init)
      guard names.count <= ReadLimit.depth else {
        throw error(.tooLarge, "open", "a path has \(names.count) names")
      }
      var place = to(object ?? "/")
      var current = try open("open", .readFailed, closedBy: H5Oclose) {
        H5Oopen(start.id, ".", ch5_default())
      }
      for name in names where name != "." {
        guard H5Iget_type(current.id) == H5I_GROUP else {
          return .missing("\(place.objectPath) is not a group")
        }
        let exists = try place.call("look into", .readFailed) {
          H5Lexists(current.id, name, ch5_default())
        }
        guard exists > 0 else {
          return .missing(try place.absence(of: name, in: current))
        }
        switch ch5_link_type(current.id, name) {
        case H5L_TYPE_HARD: break
        case H5L_TYPE_SOFT:
          guard H5Oexists_by_name(current.id, name, ch5_default()) > 0 else {
            return .missing("the soft link '\(name)' in \(place.objectPath) leads nowhere")
          }
        default:
          return .external("'\(name)' in \(place.objectPath) is a link to another file")
        }
        let group = current
        place = place.to(HDF5Path.join(place.objectPath, name))
        current = try place.open("open", .readFailed, closedBy: H5Oclose) {
          H5Oopen(group.id, name, ch5_default())
        }
      }
      return .found(current, H5Iget_type(current.id))
    }
  }

  /// Opens the object at a path, which must be of a given kind.
  func open(
    _ path: String, from start: Handle, expecting kind: H5I_type_t, _ operation: String
  ) throws(HDF5Error) -> Handle {
    let target = to(HDF5Path.join(objectPath, path))
    switch try resolve(path, from: start) {
    case .found(let handle, kind): return handle
    case .found:
      throw target.error(
        .wrongType, operation, kind == H5I_GROUP ? "it is not a group" : "it is not a dataset")
    case .missing(let message): throw target.error(.objectMissing, operation, message)
    case .external(let message): throw target.error(.refersElsewhere, operation, message)
    }
  }

  var objectPath: String { object ?? "/" }

  private func absence(of name: String, in group: Handle) throws(HDF5Error) -> String {
    let names = try linkNames(of: group)
    let shown = names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", …" : "")
    return "there is no '\(name)' in \(objectPath), which "
      + (names.isEmpty ? "is empty" : "holds \(shown)")
  }
}

/// Operations on paths inside a file.
enum HDF5Path {
  /// The absolute path for `path` relative to the group at `base`.
  static func join(_ base: String, _ path: String) -> String {
    if path.hasPrefix("/") { return path }
    if path.isEmpty { return base }
    return base == "/" ? "/" + path : base + "/" + path
  }
}
