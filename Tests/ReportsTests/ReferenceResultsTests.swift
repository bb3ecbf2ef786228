import Analysis
import Foundation
import Records
import Reports
import Results
import Testing

/// The advisors on the reference results: a change of rules, statistics or models that changes
/// advice or verdicts shows here.
struct ReferenceResultsTests {
  private static let matrix = Result { try read("reference") }

  private static func read(_ name: String) throws -> ResultsMatrix {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Results/\(name).h5")
    return try ResultsMatrix(try ResultsFile.read(file.standardizedFileURL.path()))
  }

  private static let validation = Result { try Validation(try matrix.get()) }

  /// The advice of the rule table at every measured place.
  @Test func advice() throws {
    let matrix = try Self.matrix.get()
    var arms: [String: [String]] = [:]
    for cell in matrix.cells {
      let rule = try #require(RuleSet.table.governing(cell.place))
      arms[cell.similarity.label, default: []].append(
        "\(cell.trainSize) \(rule.arm.name)")
    }
    let small = ["100 fine-tuning", "300 fine-tuning"]
    let medium = ["1000 fine-tuning", "3000 fine-tuning", "10000 fine-tuning"]
    #expect(
      arms == [
        "low": small + medium + ["30000 fine-tuning-all", "110000 from-scratch"],
        "0.25": small + medium,
        "0.5": small + medium + ["30000 fine-tuning-all"],
        "0.75": small + medium,
        "high": ["100 feature-extraction", "300 feature-extraction"] + medium
          + ["30000 fine-tuning-all"],
      ])
  }

  /// Every row of the rule table has been measured.
  @Test func everyRow() throws {
    let judgements = try Self.validation.get().rules.filter { $0.set.id == RuleSet.table.id }
    #expect(judgements.count == RuleSet.table.rules.count)
    for judgement in judgements {
      #expect(judgement.cells.contains { $0.verdict != .notMeasured }, "\(judgement.rule.id)")
    }
  }

  /// All verdicts, their regrets and intervals, and the scoreboard.
  @Test func verdicts() throws {
    let validation = try Self.validation.get()
    try expectSnapshot(ValidationReport(validation).text(.csv), "reference.csv.txt")
  }

  /// The verdicts on the claim about learning rates, which has its own results.
  @Test func rates() throws {
    let validation = try Validation(Self.read("rates"))
    try expectSnapshot(ValidationReport(validation).text(.csv), "rates.csv.txt")
  }

  /// The finding says how much of the rule table's loss is that of its rates; the regrets are those
  /// of the mean accuracies in the file, computed with NumPy.
  @Test func tuned() throws {
    let finding = ValidationReport(try Validation(Self.read("tuned"))).finding
    #expect(finding.contains("Their advice is 22.62 points ["))
    #expect(finding.contains("on average, and 9.30 with every rate chosen on held-out labels; "))
    #expect(finding.contains("always-fine-tuning-tuned is 3.35 behind."))
  }

  private struct Fixture: Decodable {
    struct Policy: Decodable {
      let policy: String
      let mean: Double
      let interval: [Double]
    }
    struct Place: Decodable {
      let similarity, arm: String
      let size, replicates: Int
      let accuracy: Double
      let interval: [Double]
    }
    struct Unknown: Decodable {
      let size: Int
      let arms: [String]
      let sufficient: [Double]
    }
    let policies: [Policy]
    let places: [Place]
    let unknown: [Unknown]

    static func load() throws -> Fixture {
      let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../AnalysisTests/Fixtures/reference.json")
      return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
    }
  }

  /// Mean regrets and their intervals equal those of NumPy and SciPy from the same file, with
  /// replicates as clusters over all similarities (Fixtures/reference.py).
  @Test func clusteredIntervals() throws {
    let scores = try Self.validation.get().scoreboard.scores
    for policy in try Fixture.load().policies {
      let score = try #require(scores.first { $0.policy == policy.policy })
      #expect(abs((score.meanRegret ?? 0) - policy.mean) < 1e-9)
      #expect(abs((score.interval?.lower ?? 0) - policy.interval[0]) < 1e-6)
      #expect(abs((score.interval?.upper ?? 0) - policy.interval[1]) < 1e-6)
    }
  }

  /// At measured places the advisor's intervals equal SciPy's of the same replicates.
  @Test func measuredPlaces() throws {
    let advisor = MeasuredAdvisor(try Self.matrix.get(), architecture: nil)
    for place in try Fixture.load().places {
      let advice = try advisor.advise(
        trainSize: place.size, similarity: Similarity(place.similarity))
      let prediction = try #require(advice.predictions.first { $0.arm.name == place.arm })
      #expect(abs((prediction.accuracy ?? 0) - place.accuracy) < 1e-12)
      #expect(abs((prediction.interval?.lower ?? 0) - place.interval[0]) < 1e-9)
      #expect(abs((prediction.interval?.upper ?? 0) - place.interval[1]) < 1e-9)
    }
  }

  /// For a task of unknown similarity the probability of losing at most a point is about the
  /// fraction of the measured tasks on which a strategy does.
  @Test func unknownSimilarity() throws {
    let advisor = MeasuredAdvisor(try Self.matrix.get(), architecture: nil)
    for expected in try Fixture.load().unknown {
      let advice = try advisor.advise(trainSize: expected.size, similarity: nil)
      #expect(advice.arm == nil)
      for (arm, share) in zip(expected.arms, expected.sufficient) {
        let prediction = try #require(advice.predictions.first { $0.arm.name == arm })
        // The measured tasks are themselves a sample: five or ten of each similarity.
        #expect(abs((prediction.sufficientProbability ?? 0) - share) < 0.12, "\(arm)")
      }
    }
  }

  /// If nothing learns there is no advice.
  @Test func nothingLearns() throws {
    let advice = try MeasuredAdvisor(try Self.matrix.get(), architecture: nil)
      .advise(trainSize: 100, similarity: .low)
    guard case .guessing(let chance, let cheapest) = advice.outcome else {
      Issue.record("\(advice.outcome)")
      return
    }
    #expect(chance == 0.1 && cheapest == .featureExtraction)
  }

  /// On similarities and on sizes that it has not seen, the measured advisor's mean regret is at
  /// most half of that of the best constant strategy, and at most that of the rule table.
  @Test(arguments: [HeldOut.similarity, .trainSize]) func heldOut(_ heldOut: HeldOut) throws {
    let scores = try Self.validation.get().scoreboard.scores
    func regret(_ name: String, _ heldOut: HeldOut = .nothing) -> Double? {
      scores.first { $0.policy == name && $0.heldOut == heldOut }?.meanRegret
    }
    let measured = try #require(regret(MeasuredPolicy().name, heldOut))
    let constants = RuleSet.constants.compactMap { regret($0.name) }
    #expect(constants.count == 6)
    #expect(measured <= (constants.min() ?? 0) / 2)
    #expect(measured <= regret(RuleSet.table.name) ?? 0)
  }
}
