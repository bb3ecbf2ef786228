/// The class names that a list of a file gives to some labels, and the class of every label.
struct ClassNaming: Hashable {
  var names: [String]
  var classOfValue: [LabelValue: Int32]
  var notes: [String] = []

  /// What a list turns out to be when it is compared with the labels.
  enum Outcome {
    case names(ClassNaming)
    /// A single number: how many classes there are, without their names.
    case count(Int)
    /// A list of class names that does not fit the labels.
    case contradiction(String)
    /// No list of class names.
    case somethingElse(String)
  }

  /// - Parameters:
  ///   - labels: the labels of the training part.
  ///   - values: the distinct labels, sorted.
  static func of(_ labels: StoredLabels, sorted values: [LabelValue], by list: ClassList) -> Outcome
  {
    let entries: [LabelValue]
    switch list.content {
    case .entries(let some): entries = some
    case .unreadable(let type): return .somethingElse("its elements are \(type)")
    }
    guard entries.count > 1, let first = entries.first else {
      guard case .number(let count)? = entries.first else {
        return .somethingElse(entries.isEmpty ? "it is empty" : "it is one text, not a list")
      }
      return .count(count)
    }
    let different = Set(entries)
    guard different.count == entries.count else {
      if entries.count == labels.values.count { return ofEachExample(labels, values, entries) }
      let repeated = Dictionary(grouping: entries, by: \.self).filter { $1.count > 1 }.keys.min()
      return .contradiction("it repeats a name: '\(repeated ?? first)' occurs more than once")
    }
    // The entries, numbers or texts, are the labels themselves.
    if values.allSatisfy(different.contains) {
      return .names(ClassNaming(entries, of: entries))
    }
    if values.allSatisfy({ $0.isPosition(in: entries) }) {
      return .names(ClassNaming(entries, of: entries.indices.map { .number($0) }))
    }
    if case .text = values[0] {
      let missing = values.first { !different.contains($0) } ?? values[0]
      return .contradiction("the label '\(missing)' is not among its \(entries.count) names")
    }
    guard values.count == entries.count else {
      return .contradiction(
        "it has \(entries.count) names, but the labels have \(values.count) classes, from "
          + "\(values[0]) to \(values[values.count - 1])")
    }
    var naming = ClassNaming(entries, of: values)
    naming.notes = ["The labels \(ClassTable.list(values)) are numbered from 0 in this order."]
    return .names(naming)
  }

  /// - Parameter values: the label of every class, in the order of the names.
  private init(_ names: [LabelValue], of values: [LabelValue]) {
    self.names = names.map(\.description)
    classOfValue = [:]
    for (index, value) in values.enumerated() { classOfValue[value] = Int32(index) }
  }

  /// A list with a name for every example instead of one for every class.
  private static func ofEachExample(
    _ labels: StoredLabels, _ values: [LabelValue], _ entries: [LabelValue]
  ) -> Outcome {
    var nameOfValue: [LabelValue: LabelValue] = [:]
    for (value, name) in zip(labels.values, entries) {
      if let known = nameOfValue[value], known != name {
        return .somethingElse(
          "it has an entry for every example, but both '\(known)' and '\(name)' for the label "
            + "\(value)")
      }
      nameOfValue[value] = name
    }
    let names = values.compactMap { nameOfValue[$0] }
    guard Set(names).count == names.count else {
      return .somethingElse(
        "it has an entry for every example, but the same one for different labels")
    }
    return .names(ClassNaming(names, of: values))
  }
}

extension LabelValue {
  fileprivate func isPosition(in entries: [LabelValue]) -> Bool {
    guard case .number(let number) = self else { return false }
    return entries.indices.contains(number)
  }
}
