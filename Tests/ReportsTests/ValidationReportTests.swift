import Analysis
import Foundation
import Records
import Reports
import Testing

/// The validation of the two by two matrix that is the example of the documentation.
@Suite struct ValidationReportTests {
  /// The example in every format; of JSON, the first element of every list.
  @Test(arguments: ValidationFormat.allCases)
  func formats(format: ValidationFormat) throws {
    let text = try report().text(format, layout: TextLayout(isVerbose: true))
    try expectSnapshot(
      format == .json ? Self.shortened(text) : text, "validation.\(format.rawValue).txt")
  }

  /// In JSON, all elements of a list have the members of its first one.
  @Test func jsonMembers() throws {
    let document = try #require(
      JSONSerialization.jsonObject(with: Data(report().text(.json).utf8)) as? [String: Any])
    for name in ["rules", "claims", "scoreboard"] {
      let elements = try #require(document[name] as? [[String: Any]])
      #expect(elements.count > 5)
      for element in elements { #expect(Set(element.keys) == Set(elements[0].keys), "\(name)") }
    }
  }

  /// No line of the terminal's text is wider than 132 columns.
  @Test func width() throws {
    let text = try report().text(.text, layout: TextLayout(isVerbose: true))
    #expect(text.split(separator: "\n").map(\.count).max() ?? 0 <= 132)
  }

  /// No line is wider than a terminal, with all tables and without.
  @Test(arguments: [40, 60, 80, 110], [true, false])
  func terminal(width: Int, isVerbose: Bool) throws {
    let layout = TextLayout(width: width, isVerbose: isVerbose, request: "--verbose")
    let text = try report().text(.text, layout: layout)
    #expect(text.split(separator: "\n").map(\.count).max() ?? 0 <= width)
  }

  /// Without being verbose the text begins with the finding and has no table by place.
  @Test func summary() throws {
    let text = try report().text(.text, layout: TextLayout(request: "--verbose"))
    try expectSnapshot(text, "validation-summary.text.txt")
  }

  /// JSON can be read; what was not measured is null and not zero.
  @Test func jsonIsReadable() throws {
    struct Document: Decodable {
      struct Rule: Decodable {
        struct Overall: Decodable {
          let verdict: String
          let mean: Double?
        }
        let id: String
        let overall: Overall
      }
      struct Score: Decodable {
        let advisor: String
        let mean_regret: Double?
      }
      let rules: [Rule]
      let scoreboard: [Score]
    }
    let document = try JSONDecoder().decode(
      Document.self, from: Data(report().text(.json).utf8))
    let large = try #require(document.rules.first { $0.id == "large-low" })
    #expect(large.overall.verdict == "not measured" && large.overall.mean == nil)
    #expect(document.scoreboard.first?.mean_regret == 5.125)
    #expect(document.scoreboard.first { $0.advisor == "always-from-scratch" }?.mean_regret == nil)
  }

  /// CSV has one line per rule or claim and place, each with all fields.
  @Test func csvFields() throws {
    let lines = try report().text(.csv).split(separator: "\n")
    #expect(Set(lines.map { $0.count { $0 == "," } }) == [15])
    #expect(lines.contains { $0.hasPrefix("rule,rule-table,small-high,high,1.0,100,") })
  }

  /// An indented document with the first element of every list that is a member of the document.
  private static func shortened(_ json: String) -> String {
    var count = 0
    var lines: [Substring] = []
    for line in json.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("  \"") { count = 0 }
      if count == 0 || !line.hasPrefix("    ") { lines.append(line) }
      if line == "    }," || line == "    }" { count += 1 }
    }
    return lines.joined(separator: "\n")
  }

  private func report() throws -> ValidationReport {
    let values: [(Similarity, Int, [Double], [Double])] = [
      (.low, 100, [0.40, 0.41, 0.42], [0.20, 0.21, 0.22]),
      (.low, 1_000, [0.505, 0.605, 0.705], [0.50, 0.60, 0.70]),
      (.high, 100, [0.90, 0.91, 0.92], [0.80, 0.81, 0.82]),
      (.high, 1_000, [0.98, 0.97, 0.99], [0.98, 0.98, 0.98]),
    ]
    let plan = SweepPlan(
      architecture: "medium", similarities: [.low, .high], trainSizes: [100, 1_000],
      arms: [.featureExtraction, .fineTuning], replicates: 3, weightsDigest: "w")
    let cells = plan.runKeys.compactMap { key -> RunResult? in
      guard let row = values.first(where: { $0.0 == key.similarity && $0.1 == key.trainSize })
      else { return nil }
      let isTuned = key.arm == .fineTuning
      return RunResult(
        key: key,
        outcome: .completed(
          Measurement(
            accuracy: (isTuned ? row.3 : row.2)[key.replicate], logLoss: 0.5, trainAccuracy: 1,
            wallSeconds: 1, cpuSeconds: isTuned ? 4 : 1, flops: 1e9, peakBytes: 1,
            trainableParameters: 1, totalParameters: 1, epochs: 1, history: [])))
    }
    let results = SweepResults(
      plan: plan,
      provenance: Provenance(
        toolVersion: "1", commandLine: "", processor: "", libraries: [], finishedAt: "", jobs: 1,
        wallSeconds: 1, taskDigests: [:]),
      cells: cells)
    return ValidationReport(try Validation(try ResultsMatrix(results)))
  }
}
