import Foundation
import HDF5
import Records
import Reports
import Results

/// Reports that are written as HTML, and their figures as SVG.
enum ReportFile {
  static let attempt = "cannot write the report"

  /// Results as a report names them.
  static func source(_ path: String, _ results: SweepResults) -> ReportSource {
    ReportSource(
      name: URL(fileURLWithPath: path).lastPathComponent,
      results: results.rewordingFailures(OptionNames.applied),
      digest: ResultsFile.digest(of: results))
  }

  /// Checks that a report can be written, before any work is done.
  ///
  /// - Parameter alternative: what to choose instead of overwriting (default: another output).
  static func require(
    _ path: String, overwrite: Bool, alternative: String = "another `output`"
  ) throws {
    try OutputCheck.require(
      path, overwrite: overwrite, attempt: attempt, alternative: alternative)
  }

  /// - Throws: `Failure` of kind `cannotCreate` or `inputOutput`.
  static func write(_ page: ReportPage, to path: String) throws {
    try HDF5File.replacing(path, attempt: attempt, with: Array(page.html.utf8))
  }

  /// Writes every figure of a page into a folder, which is made if it does not exist.
  ///
  /// - Returns: how many files were written.
  static func writeFigures(
    of page: ReportPage, into folder: String, overwrite: Bool
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
    let files = page.figures.map { ("\(folder)/\($0.name)", $0.svg) }
    for (path, _) in files {
      try OutputCheck.require(
        path, overwrite: overwrite, attempt: attempt, alternative: "another folder")
    }
    for (path, svg) in files {
      try HDF5File.replacing(path, attempt: attempt, with: Array(svg.utf8))
    }
    return files.count
  }
}
