import Foundation
import Reports

extension AdviseCommand {
  /// The names of the files of the network and of the labelled set.
  var weightsName: String {
    own.weights.map { URL(fileURLWithPath: $0).lastPathComponent } ?? "no network"
  }
  var dataName: String { URL(fileURLWithPath: own.data).lastPathComponent }

  /// Writes the page of the answer, if one is requested.
  func writePage(_ race: RaceReport) throws {
    guard let path = reporting.report else { return }
    let page = ReportPage(
      race, weights: weightsName, data: dataName, toolVersion: Version.text)
    try ReportFile.write(page, to: path)
    if !quiet { Console.note("Report: \(path)") }
  }
}
