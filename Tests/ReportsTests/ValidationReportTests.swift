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

  /// The finding and the page name the places that are not scored, and have what is said of all
  /// the others.
  @Test func omittedPlaces() throws {
    let results = results(
      [
        (.low, 100, [0.10, 0.11, 0.10], [0.09, 0.10, 0.11]), Self.example[1], Self.example[2],
        (.high, 1_000, [1, 1, 1], [0.995, 0.995, 0.995]),
      ], classCount: 10)
    let validation = try Validation(try ResultsMatrix(results))
    #expect(validation.scoreboard.cellCount == 2)
    let omission =
      "Left out: low at 100 labels, where nothing learns; high at 1,000 labels, where all "
      + "strategies are at the ceiling."
    let finding = ValidationReport(validation).finding
    #expect(finding.contains(" under test, judged at 2 of 4 places: "), "\(finding)")
    #expect(finding.contains(omission), "\(finding)")
    #expect(finding.contains("; always-feature-extraction is "), "\(finding)")
    let page = try ReportPage([ReportSource(name: "a.h5", results: results, digest: "5eed")]).html
    #expect(page.contains("interval over 2 of 4 places. \(omission) ◆"))
    #expect(page.contains("on average over 2 of 4 places"))
    #expect(!page.contains("2 of 4 places</"))
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

  /// Verdicts that differ from a baseline's are counted and listed; here fine-tuning leads at one
  /// place where feature extraction led.
  @Test func baseline() throws {
    var other = Self.example
    (other[0].2, other[0].3) = (other[0].3, other[0].2)
    let validation = try Validation(try ResultsMatrix(results(other)))
    let changes = VerdictChanges(
      validation, baseline: try Validation(try ResultsMatrix(results(Self.example))))
    let report = ValidationReport(validation, changes: changes)
    for format in [ValidationFormat.text, .markdown] {
      let text = report.text(format, layout: TextLayout())
      #expect(text.contains("\(changes.comparedCount) verdicts, \(changes.flippedCount) flipped"))
      let line = try #require(
        text.split(separator: "\n").last {
          $0.contains("small-other") && $0.contains("low") && $0.contains("refuted")
        })
      #expect(line.contains("supported"))
    }
    struct Document: Decodable {
      struct Baseline: Decodable {
        struct Change: Decodable { let id, before, after: String }
        let verdicts, flipped, changed: Int
        let changes: [Change]
      }
      let baseline: Baseline
    }
    let document = try JSONDecoder().decode(Document.self, from: Data(report.text(.json).utf8))
    #expect(document.baseline.verdicts == changes.comparedCount)
    #expect(
      document.baseline.flipped + document.baseline.changed == document.baseline.changes.count)
    let flip = try #require(document.baseline.changes.first { $0.id == "small-other" })
    #expect(flip.before == "refuted" && flip.after == "supported")
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

  private typealias Accuracies = [(Similarity, Int, [Double], [Double])]

  private static let example: Accuracies = [
    (.low, 100, [0.40, 0.41, 0.42], [0.20, 0.21, 0.22]),
    (.low, 1_000, [0.505, 0.605, 0.705], [0.50, 0.60, 0.70]),
    (.high, 100, [0.90, 0.91, 0.92], [0.80, 0.81, 0.82]),
    (.high, 1_000, [0.98, 0.97, 0.99], [0.98, 0.98, 0.98]),
  ]

  private func report() throws -> ValidationReport {
    ValidationReport(try Validation(try ResultsMatrix(results(Self.example))))
  }

  private func results(_ values: Accuracies, classCount: Int? = nil) -> SweepResults {
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
    return SweepResults(
      plan: plan,
      provenance: Provenance(
        toolVersion: "1", commandLine: "", processor: "", libraries: [], finishedAt: "", jobs: 1,
        wallSeconds: 1, taskDigests: [:], classCount: classCount),
      cells: cells)
  }
}
