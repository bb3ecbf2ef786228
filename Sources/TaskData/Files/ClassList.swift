import HDF5
import Records

/// A dataset or attribute of a file that may hold class names.
struct ClassList {
  enum Content {
    case entries([LabelValue])
    /// Elements that are neither texts nor whole numbers, and what they are instead.
    case unreadable(String)
  }

  let file: String
  /// The path of the dataset, or the path of an object, `@` and the name of the attribute.
  let path: String
  let content: Content

  var place: String { "\(file):\(path)" }

  /// Attributes and datasets that hold class names, lowercase.
  private static let keys = ["class_names", "list_classes", "classes", "label_names"]

  /// The lists that may hold class names: the one called `key` or, without a `key`, all with a
  /// usual name beside the labels, in the root, or among the attributes of the labels.
  ///
  /// - Throws: `Failure` of kind `badData` if there is no list called `key`.
  static func all(near y: HDF5Dataset, in roots: [HDF5Group], key: String?) throws -> [ClassList] {
    let folder = y.path.split(separator: "/").dropLast().joined(separator: "/")
    var found: [ClassList] = []
    for root in roots {
      var places = [root]
      if !folder.isEmpty, try root.contains("/" + folder) {
        places.append(try root.group("/" + folder))
      }
      for group in places {
        if let key {
          if try group.attributes.contains(key) {
            return [
              try ClassList(key, of: group.attributes, path: group.path, file: group.filePath)
            ]
          }
          if try group.contains(key) { return [try ClassList(group.dataset(key))] }
          continue
        }
        for name in try group.attributes.names() where keys.contains(name.lowercased()) {
          found.append(
            try ClassList(name, of: group.attributes, path: group.path, file: group.filePath))
        }
        for name in try group.childNames() where keys.contains(name.lowercased()) {
          guard let list = try Self.dataset(name, in: group) else { continue }
          // The labels may have such a name themselves.
          if list.place != y.place { found.append(try ClassList(list)) }
        }
      }
    }
    guard let key else {
      for name in try y.attributes.names() where keys.contains(name.lowercased()) {
        found.append(try ClassList(name, of: y.attributes, path: y.path, file: y.filePath))
      }
      return found
    }
    guard try y.attributes.contains(key) else {
      throw Failure(
        .badData, TaskFile.attempt, on: y.filePath,
        because: "there is no dataset or attribute '\(key)' of class names",
        remedy: "Check `classesKey`, or omit it.")
    }
    return [try ClassList(key, of: y.attributes, path: y.path, file: y.filePath)]
  }

  /// The dataset called `name`, or `nil` if a group has this name.
  private static func dataset(_ name: String, in group: HDF5Group) throws -> HDF5Dataset? {
    do {
      return try group.dataset(name)
    } catch {
      guard error.code == .wrongType else { throw error }
      return nil
    }
  }

  private init(_ dataset: HDF5Dataset) throws {
    (file, path) = (dataset.filePath, dataset.path)
    switch dataset.elementType {
    case .string: content = .entries(try dataset.readStrings().map { .text($0) })
    case .integer, .boolean:
      content = .entries(try dataset.read(as: Int.self).map { .number($0) })
    case .float, .other: content = .unreadable("\(dataset.elementType)")
    }
  }

  private init(_ name: String, of attributes: HDF5Attributes, path: String, file: String) throws {
    self.file = file
    self.path = "\(path)@\(name)"
    do {
      content = .entries(try attributes.readStrings(name).map { .text($0) })
    } catch {
      guard error.code == .wrongType else { throw error }
      content = try Self.numbers(name, of: attributes)
    }
  }

  private static func numbers(_ name: String, of attributes: HDF5Attributes) throws -> Content {
    do {
      return .entries(try attributes.readNumbers(name, as: Int.self).map { .number($0) })
    } catch {
      guard error.code == .wrongType else { throw error }
      return .unreadable("neither texts nor numbers")
    }
  }
}
