import Analysis
import Records
import Synchronization
import Testing

@Suite struct ScoreboardTests {
  /// A fitted advisor is asked about places whose similarity, then whose size, it has not seen.
  @Test func heldOut() throws {
    let spy = Spy()
    let board = try Scoreboard([spy], in: TwoByTwo.matrix())
    #expect(board.scores.map(\.heldOut) == [.similarity, .trainSize])
    let questions = spy.questions.withLock { $0 }
    #expect(questions.count == 4)
    for question in questions.prefix(2) {
      #expect(!question.seen.contains { $0.similarity == question.places[0].similarity })
    }
    for question in questions.suffix(2) {
      #expect(!question.seen.contains { $0.trainSize == question.places[0].trainSize })
    }
    #expect(questions.allSatisfy { $0.places.count == 2 && $0.seen.count == 2 })
  }

  /// Constant advisors are asked once, and advise the same strategy at every place.
  @Test func constants() throws {
    let board = try Scoreboard(RuleSet.constants, in: TwoByTwo.matrix())
    let tuning = board.scores.first { $0.policy == "always-fine-tuning" }
    #expect(tuning?.heldOut == .nothing)
    #expect(tuning?.advice == Array(repeating: "fine-tuning", count: 4))
    // Regrets 20, 0.5, 10 and 0.
    #expect(isClose(tuning?.meanRegret, 7.625))
  }

  /// The nearest place to a held-out similarity has the same size; feature extraction is best, or
  /// among the best, at all of them.
  @Test func nearestCell() throws {
    let board = try Scoreboard([NearestCellPolicy()], in: TwoByTwo.matrix())
    #expect(board.scores[0].advice == Array(repeating: "feature-extraction", count: 4))
    #expect(board.scores[0].meanRegret == 0)
  }

  /// An advisor without advice for some places is scored on the others.
  @Test func partialAdvice() throws {
    let board = try Scoreboard([Spy()], in: TwoByTwo.matrix())
    #expect(board.scores[0].cellCount == 2)
    #expect(!board.scores[0].isOnFront)
  }

  /// Every rule set has at most one rule per place, and the table has one for every place.
  @Test(arguments: [1, 999, 1_000, 10_000, 10_001, 100_000, 100_001], [0, 0.5, 1])
  func rulesDoNotOverlap(size: Int, similarity: Double) throws {
    let similarity = try #require(Similarity("\(similarity)"))
    for set in RuleSet.all {
      let count = set.rules.count {
        $0.condition.covers(trainSize: size, level: similarity.level)
      }
      #expect(set == .table ? count == 1 : count <= 1, "\(set.id)")
    }
  }

  /// Identifiers of rule sets, of claims, and of rules within a set are unique.
  @Test func uniqueNames() {
    #expect(Set(RuleSet.all.map(\.id)).count == RuleSet.all.count)
    #expect(Set(Claim.all.map(\.id)).count == Claim.all.count)
    for set in RuleSet.all { #expect(Set(set.rules.map(\.id)).count == set.rules.count) }
  }
}

/// Records what it is asked, and advises fine-tuning at high similarity only.
private final class Spy: AdvisingPolicy {
  struct Question {
    let places: [MatrixPlace]
    let seen: [MatrixPlace]
  }

  let name = "spy"
  let summary = "for tests"
  let isFitted = true
  let questions = Mutex<[Question]>([])

  func advise(_ places: [MatrixPlace], fittedOn matrix: ResultsMatrix) -> [String?] {
    questions.withLock {
      $0.append(Question(places: places, seen: matrix.cells.map(\.place)))
    }
    return places.map { $0.similarity == .high ? "fine-tuning" : nil }
  }
}
