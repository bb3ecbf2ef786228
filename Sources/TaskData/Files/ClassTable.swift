import Records

/// The classes of a dataset, and the class of every label.
struct ClassTable {
  private(set) var names: [String]
  private var classOfValue: [LabelValue: Int32] = [:]
  /// Decisions that the user may want to know, one sentence each.
  private(set) var notes: [String] = []

  /// - Parameters:
  ///   - labels: the labels of the training part.
  ///   - lists: the lists of the file that may hold class names.
  ///   - isChosen: whether the user chose the list, so that an unsuitable one is an error.
  /// - Throws: `Failure` of kind `badData` if there are fewer than two classes, if every example
  ///   has a label of its own, or if lists contradict the labels or each other.
  init(_ labels: StoredLabels, lists: [ClassList], isChosen: Bool) throws(Failure) {
    let values = Set(labels.values).sorted()
    guard values.count >= 2 else {
      throw Self.bad(labels.place, "there are fewer than two classes to tell apart", Self.remedy)
    }
    var found: [(list: ClassList, naming: ClassNaming)] = []
    for list in lists {
      switch ClassNaming.of(labels, sorted: values, by: list) {
      case .names(let naming): found.append((list, naming))
      case .count(values.count) where !isChosen: break
      case .count(let count):
        guard !isChosen else {
          throw Self.bad(list.place, "it is the number \(count), not a list", Self.choice)
        }
        notes.append(
          "\(list.path) is \(count), but the labels have \(values.count) classes: it is not used.")
      case .contradiction(let reason): throw Self.bad(list.place, reason, Self.choice)
      case .somethingElse(let reason):
        guard !isChosen else { throw Self.bad(list.place, reason, Self.choice) }
        notes.append("\(list.path) is not used for class names: \(reason).")
      }
    }
    if let first = found.first, let other = found.first(where: { $0.naming != first.naming }) {
      throw Self.bad(
        first.list.file, "\(first.list.path) and \(other.list.path) hold different class names",
        "Choose one of them with `classesKey`.")
    }
    if let naming = found.first?.naming {
      (names, classOfValue) = (naming.names, naming.classOfValue)
      notes += naming.notes
      return
    }
    if values.count > 2, values.count == labels.values.count {
      throw Self.bad(
        labels.place, "each of the \(values.count) examples has a different label", Self.remedy)
    }
    names = values.map(\.description)
    for (index, value) in values.enumerated() { classOfValue[value] = Int32(index) }
    if case .text? = values.first {
      notes.append("The labels are the class names, sorted: \(Self.list(values)).")
    } else if values.first != .number(0) || values.last != .number(values.count - 1) {
      notes.append(
        "The labels \(Self.list(values)) are numbered from 0; the original numbers are the class "
          + "names.")
    }
  }

  private static let remedy = "Label the examples with at least two classes, each several times."
  private static let choice =
    "Correct the class names, or choose another list of them with `classesKey`."

  private static func bad(_ place: String, _ reason: String, _ remedy: String) -> Failure {
    Failure(.badData, TaskFile.attempt, on: place, because: reason, remedy: remedy)
  }

  /// The table with the classes of a model, to which the labels are mapped by class name.
  ///
  /// - Throws: `Failure` of kind `badData` if the data has a class that the model does not have.
  func among(_ known: [String], at place: String) throws(Failure) -> ClassTable {
    var table = self
    table.names = known
    for (value, index) in classOfValue {
      guard let position = known.firstIndex(of: names[Int(index)]) else {
        throw Failure(
          .badData, TaskFile.attempt, on: place,
          because: "the class \(names[Int(index)]) is not among those of the model, "
            + Self.list(known),
          remedy: "Use data with the model's classes, or rename them.")
      }
      table.classOfValue[value] = Int32(position)
    }
    return table
  }

  /// The class number of every label.
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

  static func list(_ values: [some CustomStringConvertible]) -> String {
    values.prefix(12).map(\.description).joined(separator: ", ") + (values.count > 12 ? ", …" : "")
  }
}
