import Records

/// The parts of a set, in the order in which they are stored.
package enum PicturePart: String, Sendable, Hashable, CaseIterable {
  case train, val, test

  /// The folder names, in lower case, that mean the part.
  var words: [String] {
    switch self {
    case .train: ["train", "training"]
    case .val: ["val", "valid", "validation"]
    case .test: ["test"]
    }
  }

  /// The part of a name such as `train`, `Training` or `validation`; `nil` for other names.
  package init?(word: String) {
    guard let part = Self.allCases.first(where: { $0.words.contains(word.lowercased()) }) else {
      return nil
    }
    self = part
  }
}

/// The pictures of a set, with their classes and parts, before any of them is read.
package struct PictureList: Sendable {
  package struct Picture: Sendable, Hashable {
    /// The path below the folder of the list.
    package let name: String
    /// The index of the class; 0 without labels.
    package let label: Int
    /// The part; `train` if the set is not divided.
    package let part: PicturePart
  }

  /// What was given: the folder, or the table.
  package let source: String
  /// The folder of the pictures, which no link may lead out of.
  package let folder: String
  /// The names of the classes; empty without labels.
  package let classNames: [String]
  /// In the order in which they are stored.
  package let pictures: [Picture]
  /// Whether the set has parts of its own.
  package let isDivided: Bool
  /// Hidden files, and files of other kinds, that are left out.
  package let leftOut: [String]

  package static let attempt = "cannot pack the pictures"

  /// The error about a list that makes no set.
  static func failure(
    _ place: String, _ reason: String, _ remedy: String, kind: Failure.Kind = .badData
  ) -> Failure {
    Failure(kind, attempt, on: place, because: reason, remedy: remedy)
  }

  /// Checks the names of classes.
  ///
  /// - Parameter names: in order.
  /// - Throws: `Failure` for fewer than two, and for two that differ only in case or in how Unicode
  ///   composes a letter.
  static func check(
    _ names: [String], of source: String, remedyForOne: String
  ) throws(Failure) {
    guard names.count >= 2 else {
      throw failure(
        source, names.isEmpty ? "it has no classes" : "it has one class, '\(names[0])'",
        remedyForOne)
    }
    var seen: [String: String] = [:]
    for name in names {
      if let other = seen.updateValue(name, forKey: name.lowercased()) {
        throw failure(
          source, "the classes '\(other)' and '\(name)' differ only in how their names are written",
          "Merge them, or rename one of them.")
      }
    }
  }
}

extension Sequence<String> {
  /// The texts in the order of their bytes, which is that of their code points.
  func sortedByBytes() -> [String] {
    sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
