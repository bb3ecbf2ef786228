import HDF5
import Records

/// Which class each number of a label dataset is.
struct ClassTable {
  private(set) var names: [String]
  private var classOfValue: [Int: Int32] = [:]
  /// What was done to the numbers, if anything.
  private(set) var note: String?

  /// Attributes and datasets that hold class names, lowercase.
  private static let keys = ["class_names", "list_classes", "classes", "label_names"]

  /// - Parameters:
  ///   - labels: those to train on.
  ///   - given: the class names that the file has.
  /// - Throws: `Failure` of kind `badData` for fewer than two classes, and for labels that are no
  ///   class numbers.
  init(_ labels: StoredLabels, names given: [String]?) throws(Failure) {
    let values = Set(labels.values).sorted()
    names = given ?? values.map { "\($0)" }
    let reason: String?
    if given == nil, values.count >= 2, values.count == labels.values.count, values.count > 2 {
      reason = "every one of the \(values.count) examples has a label of its own"
    } else if names.count < 2 || values.count < 2 {
      reason = "there are fewer than two classes to tell apart"
    } else {
      reason = nil
    }
    if let reason {
      throw Failure(
        .badData, TaskFile.attempt, on: labels.place, because: reason,
        remedy: "Label the examples with at least two classes, each several times.")
    }
    if given != nil, values.allSatisfy({ names.indices.contains($0) }) {
      for value in names.indices { classOfValue[value] = Int32(value) }
      return
    }
    guard values.count == names.count else {
      throw Failure(
        .badData, TaskFile.attempt, on: labels.place,
        because: "it has \(values.count) classes from \(values.first ?? 0) to "
          + "\(values.last ?? 0), the class names are \(names.count)",
        remedy: "Correct the class names, or name another list of them with --classes-key.")
    }
    for (index, value) in values.enumerated() { classOfValue[value] = Int32(index) }
    let (first, last) = (values.first ?? 0, values.last ?? 0)
    if first != 0 || last != values.count - 1 {
      note =
        "The labels \(Self.list(values)) are numbered from 0"
        + (given == nil ? "; the original numbers are the class names." : " in this order.")
    }
  }

  /// The table of a model's classes, which labels are to be found among.
  ///
  /// - Throws: `Failure` of kind `badData` where the data has a class that the model has not.
  func among(_ known: [String], at place: String) throws(Failure) -> ClassTable {
    var table = self
    table.names = known
    for (value, index) in classOfValue {
      guard let position = known.firstIndex(of: names[Int(index)]) else {
        throw Failure(
          .badData, TaskFile.attempt, on: place,
          because: "the class \(names[Int(index)]) is not among those of the model, "
            + Self.list(known),
          remedy: "Give data of the model's classes, or rename them.")
      }
      table.classOfValue[value] = Int32(position)
    }
    return table
  }

  /// The classes of some labels.
  ///
  /// - Throws: `Failure` of kind `badData` that names the first label without a class.
  func classes(of labels: StoredLabels) throws(Failure) -> [Int32] {
    var classes: [Int32] = []
    classes.reserveCapacity(labels.values.count)
    for (index, value) in labels.values.enumerated() {
      guard let known = classOfValue[value] else {
        throw Failure(
          .badData, TaskFile.attempt, on: labels.place,
          because: "image \(index) has the label \(value), which is none of the classes "
            + Self.list(classOfValue.keys.sorted()),
          remedy: "Correct the label, or the class names.")
      }
      classes.append(known)
    }
    return classes
  }

  /// The class names that a file has: of the option's name, or of a usual one beside the labels or
  /// in the root; `nil` where there are none.
  ///
  /// - Throws: `Failure` of kind `badData` where there are several lists or the named one is missing.
  static func names(
    near y: HDF5Dataset, in roots: [HDF5Group], key: String?
  ) throws -> [String]? {
    var found: [(path: String, names: [String])] = []
    let folder = y.path.split(separator: "/").dropLast().joined(separator: "/")
    for root in roots {
      var places = [root]
      if !folder.isEmpty, try root.contains("/" + folder) {
        places.append(try root.group("/" + folder))
      }
      for group in places {
        if let key {
          if try group.attributes.contains(key) {
            found.append(("\(group.path)@\(key)", try texts(of: group.attributes, key)))
          } else if try group.contains(key) {
            found.append((key, try texts(of: group.dataset(key))))
          }
          if !found.isEmpty { return found[0].names }
          continue
        }
        for name in try group.attributes.names() where keys.contains(name.lowercased()) {
          found.append(("\(group.path)@\(name)", try texts(of: group.attributes, name)))
        }
        for name in try group.childNames() where keys.contains(name.lowercased()) {
          let dataset = try group.dataset(name)
          found.append((dataset.path, try texts(of: dataset)))
        }
      }
    }
    for name in try y.attributes.names() where key == nil && keys.contains(name.lowercased()) {
      found.append(("\(y.path)@\(name)", try texts(of: y.attributes, name)))
    }
    if let key, try y.attributes.contains(key) { return try texts(of: y.attributes, key) }
    if let key {
      throw Failure(
        .badData, TaskFile.attempt, on: y.filePath,
        because: "there is no dataset or attribute '\(key)' of class names",
        remedy: "Check --classes-key, or leave it out.")
    }
    guard let first = found.first else { return nil }
    guard found.allSatisfy({ $0.names == first.names }) else {
      throw Failure(
        .badData, TaskFile.attempt, on: y.filePath,
        because: "\(found.map(\.path).joined(separator: " and ")) are different class names",
        remedy: "Say with --classes-key which of them to use.")
    }
    return first.names
  }

  private static func texts(of dataset: HDF5Dataset) throws -> [String] {
    dataset.elementType == .string
      ? try dataset.readStrings() : try dataset.read(as: Int.self).map { "\($0)" }
  }

  private static func texts(of attributes: HDF5Attributes, _ name: String) throws -> [String] {
    do {
      return try attributes.readStrings(name)
    } catch {
      guard error.code == .wrongType else { throw error }
      return try attributes.readNumbers(name, as: Int.self).map { "\($0)" }
    }
  }

  private static func list(_ values: [some CustomStringConvertible]) -> String {
    values.prefix(12).map(\.description).joined(separator: ", ") + (values.count > 12 ? ", …" : "")
  }
}
