import Foundation
import Reports

extension AdviseCommand {
  /// Writes the page of the answer, if one is requested.
  func writePage(_ race: RaceReport) throws {
    guard let path = reporting.report else { return }
    let page = ReportPage(
      race, weights: weights.map { URL(fileURLWithPath: $0).lastPathComponent } ?? "no network",
      data: URL(fileURLWithPath: data).lastPathComponent, toolVersion: Version.text)
    try ReportFile.write(page, to: path)
    if !quiet { Console.note("Report: \(path)") }
  }
}
