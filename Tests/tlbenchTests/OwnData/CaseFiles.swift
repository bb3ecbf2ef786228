import Foundation
import Testing

/// The files in `Cases`, with the scripts that made them beside them.
enum CaseFiles {
  static func path(_ name: String) -> String {
    Tool.repository.appending(path: "Tests/tlbenchTests/Cases/\(name)").path
  }

  /// The rows of numbers of a file in `Cases`.
  static func rows(_ name: String) throws -> [[Float]] {
    try String(contentsOfFile: path(name), encoding: .utf8).split(separator: "\n").map { line in
      try line.split(separator: ",").map { try #require(Float($0)) }
    }
  }
}

/// Predictions as `predict` prints or writes them.
struct PredictedRows {
  let header: [String]
  let lines: [[String]]

  init(_ csv: String) throws {
    let all = csv.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    header = try #require(all.first)
    lines = Array(all.dropFirst())
  }

  /// `[example][class]`.
  var probabilities: [[Float]] {
    let columns = header.indices.filter { header[$0].hasPrefix("p(") }
    return lines.map { line in columns.compactMap { Float(line[$0]) } }
  }

  /// The largest difference of a probability from what is expected, of the first rows.
  func difference(from expected: [[Float]]) -> Float {
    zip(probabilities, expected).reduce(0) { worst, rows in
      guard rows.0.count == rows.1.count else { return .infinity }
      return max(worst, zip(rows.0, rows.1).map { abs($0 - $1) }.max() ?? 0)
    }
  }
}
