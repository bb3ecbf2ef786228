import Foundation
import HDF5
import Records
import Reports
import Results

/// Reports that are written as HTML, and their figures as SVG.
enum ReportFile {
  static let attempt = "cannot write the report"

  /// The page of a file of results or of a race.
  static func page(of path: String) throws -> ReportPage {
    if let race = try StoredRace(path) { return race.page }
    return try ReportPage([source(path)])
  }

  /// The results in a file as a report names them.
  static func source(_ path: String) throws -> ReportSource {
    source(path, try ResultsInput.read(path))
  }

  /// Results as a report names them.
  static func source(_ path: String, _ results: SweepResults) -> ReportSource {
    ReportSource(
      name: URL(fileURLWithPath: path).lastPathComponent,
      results: results.rewordingFailures(OptionNames.applied),
      digest: ResultsFile.digest(of: results))
  }

  /// Checks that a report can be written, before any work is done.
  ///
  /// - Parameters:
  ///   - option: the option that names the report.
  ///   - files: other files of the command, which the report must not replace.
  ///   - alternative: what to choose instead of overwriting (default: another output).
  /// - Throws: `Failure` of kind `usage` or `cannotCreate`.
  static func require(
    _ path: String, of option: String, besides files: [String], overwrite: Bool,
    alternative: String = "another `output`"
  ) throws {
    try OptionValues.requireOther(path, of: option, than: files)
    try DefaultFolder.checkOutput(
      path, overwrite: overwrite, attempt: attempt, alternative: alternative)
  }

  /// - Throws: `Failure` of kind `cannotCreate` or `inputOutput`.
  static func write(_ page: ReportPage, to path: String) throws {
    try DefaultFolder.make(for: path)
    try HDF5File.replacing(path, attempt: attempt, with: Array(page.html.utf8))
  }

  /// Checks that figures can be written into a folder, before any work is done.
  ///
  /// - Throws: `Failure` of kind `usage` if it is a file.
  static func requireFolder(_ path: String, of option: String, besides files: [String]) throws {
    try OptionValues.requireOther(path, of: option, than: files)
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue {
      throw OptionValues.refused(option, "\(path) is a file", "Give a folder.")
    }
  }

  /// Writes every figure of a page into a folder, which is made if it does not exist.
  ///
  /// - Parameter files: other files of the command, which no figure must replace.
  /// - Returns: how many files were written.
  static func writeFigures(
    of page: ReportPage, into folder: String, besides files: [String], overwrite: Bool
  ) throws -> Int {
    let attempt = "cannot write the figures"
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw Failure(
        .cannotCreate, attempt, on: folder, because: "the folder cannot be made",
        remedy: "Give a folder in one that you may write to.")
    }
    let figures = page.figures.map { ("\(folder)/\($0.name)", $0.svg) }
    for (path, _) in figures {
      try OptionValues.requireOther(path, of: "--figures", than: files)
      try OutputCheck.require(
        path, overwrite: overwrite, attempt: attempt, alternative: "another folder")
    }
    for (path, svg) in figures {
      try HDF5File.replacing(path, attempt: attempt, with: Array(svg.utf8))
    }
    return figures.count
  }
}
