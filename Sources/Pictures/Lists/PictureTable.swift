import Foundation
package import Records
import Results

/// Lists the pictures of a table of comma-separated values with columns of paths and labels.
package struct PictureTable {
  /// The columns of a table.
  package struct Columns: Sendable, Hashable {
    package var path: String
    /// `nil` for pictures without labels.
    package var label: String?
    /// `nil` if the set is not divided.
    package var part: String?

    package init(path: String, label: String?, part: String?) {
      self.path = path
      self.label = label
      self.part = part
    }
  }

  private let table: CSVTable
  private let name: String
  private let columns: Columns

  /// Reads a table.
  ///
  /// - Parameters:
  ///   - bytes: the content of its file.
  ///   - path: its file.
  /// - Throws: `Failure` of kind `badData` if it is no table.
  package init(_ bytes: [UInt8], path: String, columns: Columns) throws(Failure) {
    do throws(Failure) {
      table = try CSVTable(bytes, name: path)
    } catch {
      throw Failure(
        error.kind, PictureList.attempt, on: error.subject, because: error.reason,
        remedy: error.remedy)
    }
    name = path
    self.columns = columns
  }

  /// The pictures in the order of the rows; those for training come first.
  ///
  /// Paths are relative to the folder of the table. The classes are numbered in the order of the
  /// bytes of their names.
  ///
  /// - Throws: `Failure` of kind `badData` for a column that is missing, a path or a label that is
  ///   empty, a path that is given twice, and fewer than two classes.
  package func list() throws(Failure) -> PictureList {
    let path = try index(of: columns.path, "`pathColumn`")
    let label = try columns.label.map { name throws(Failure) in
      try index(of: name, "`labelColumn`")
    }
    let part = try columns.part.map { name throws(Failure) in try index(of: name, "`partColumn`") }
    guard !table.rows.isEmpty else {
      throw PictureList.failure(name, "it has no rows", "Give a row for each picture.")
    }
    let labels = Set(label.map { column in table.rows.map { $0.fields[column] } } ?? [])
      .sortedByBytes()
    if label != nil {
      try PictureList.check(
        labels, of: name, remedyForOne: "Give pictures of at least two classes.")
    }
    let numbers = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
    var pictures: [PictureList.Picture] = []
    var seen: [String: Int] = [:]
    for row in table.rows {
      let file = row.fields[path]
      guard !file.isEmpty, label.map({ row.fields[$0].isEmpty }) != true else {
        throw failure(
          row, file.isEmpty ? "the path is empty" : "the label is empty",
          "Give every picture a path and a label, or remove the row.")
      }
      if let other = seen.updateValue(row.line, forKey: file) {
        throw failure(row, "'\(file)' is on line \(other) as well", "Remove one of them.")
      }
      pictures.append(
        .init(
          name: file, label: label.flatMap { numbers[row.fields[$0]] } ?? 0,
          part: try part.map { column throws(Failure) in try self.part(row, column) } ?? .train))
    }
    let ordered = PicturePart.allCases.flatMap { part in pictures.filter { $0.part == part } }
    guard ordered.first?.part == .train else {
      throw PictureList.failure(
        name, "it has no pictures for training", "Give some the part train.")
    }
    return PictureList(
      source: name, folder: Self.folder(of: name), classNames: labels, pictures: ordered,
      isDivided: part != nil, leftOut: [])
  }

  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
  }

  private func index(of column: String, _ property: String) throws(Failure) -> Int {
    guard let index = table.columns.firstIndex(of: column) else {
      throw PictureList.failure(
        name, "it has no column '\(column)', but \(table.columns.joined(separator: ", "))",
        "Give the name of the column with \(property).")
    }
    return index
  }

  private func part(_ row: CSVRow, _ column: Int) throws(Failure) -> PicturePart {
    guard let part = PicturePart(word: row.fields[column]) else {
      throw failure(
        row, "the part is '\(row.fields[column])'", "Give train, val or test.")
    }
    return part
  }

  private func failure(_ row: CSVRow, _ reason: String, _ remedy: String) -> Failure {
    PictureList.failure("\(name), line \(row.line)", reason, remedy)
  }
}
