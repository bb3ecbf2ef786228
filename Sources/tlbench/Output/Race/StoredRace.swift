import Analysis
import HDF5
import Records
import Reports
import Results

/// A race that `advise` stored: its file, and the report that was printed.
struct StoredRace {
  let file: RaceFile
  let report: RaceReport

  /// Reads a race; `nil` if the file, or the supplied file of this name, is not that of a race.
  ///
  /// - Throws: `Failure` of kind `badData` for a race that cannot be read.
  init?(_ given: String) throws {
    let path = SuppliedFiles.path(given)
    guard case .race? = try? FileKind(of: path) else { return nil }
    try self.init(at: path)
  }

  /// Reads the file of a race.
  ///
  /// - Throws: `Failure` of kind `inputMissing` or `badData`.
  init(at path: String) throws {
    file = try RaceFile.read(path, by: .guarded)
    guard let report = RaceReport(stored: file[.report], outcomes: file.outcomes) else {
      throw RaceFile.malformed(path, .report, "its text is not valid JSON for a race")
    }
    let flaw = report.flaw(
      names: file.names, folds: file.folds.count, labels: file.labels.count)
    if let flaw { throw RaceFile.malformed(path, .report, flaw) }
    guard report.standings == file.standings else {
      throw RaceFile.malformed(
        path, .report, "its standings are not those of /within, /best, /expected_regret and /bound")
    }
    self.report = report
  }

  /// The page that `advise` wrote.
  var page: ReportPage {
    ReportPage(
      report, weights: file[.weights], data: file[.data], toolVersion: file[.toolVersion])
  }
}

extension RaceReport {
  /// The standings of all strategies as files hold them.
  var standings: [RaceFile.Standing?] {
    names.indices.map { index in
      answer.standings.first { $0.entrant == index }.map {
        RaceFile.Standing(
          within: $0.within, best: $0.best, expectedRegret: $0.expectedRegret, bound: $0.bound)
      }
    }
  }

  /// The answer as a command prints it.
  func text(_ format: TableFormat) -> String {
    switch format {
    case .table: Console.printable(text())
    // Spelled out, a control character would be no JSON any more.
    case .json: json()
    case .csv: commaSeparated()
    case .markdown: markdown()
    case .latex: latex()
    }
  }
}
