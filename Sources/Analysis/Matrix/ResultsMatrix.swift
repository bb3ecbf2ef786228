package import Records

/// The results of a sweep by place, the input of verdicts, scoreboards and fitted advisors.
///
/// Places without measurements are not in it, so that a plan need not be complete.
package struct ResultsMatrix: Sendable, Hashable {
  /// The strategies of the plan, in its order.
  package let arms: [Arm]
  /// The places at which at least one run completed, in the order of the plan.
  package let cells: [MatrixCell]
  /// The number of planned replicates.
  package let replicates: Int
  /// The number of classes of every task; `nil` if it is not known.
  package let classCount: Int?
  /// Which replicates of different similarities belong together.
  package let pairing: ReplicatePairing

  package init(
    arms: [Arm], cells: [MatrixCell], replicates: Int, classCount: Int? = nil,
    pairing: ReplicatePairing = .acrossSimilarities
  ) {
    self.arms = arms
    self.cells = cells
    self.replicates = replicates
    self.classCount = classCount
    self.pairing = pairing
  }

  /// The accuracy of guessing among equally frequent classes, 0...1; `nil` if their number is not
  /// known.
  package var chance: Double? { Provenance.chance(among: classCount) }

  /// What the replicates of a place have in common.
  package var replication: Replication { cells.first?.arms.first?.replication ?? .independent }

  /// Whether the replicates are folds of one set, compared example by example.
  package var isOverFolds: Bool {
    !cells.isEmpty && cells.allSatisfy { $0.measuredArms.allSatisfy { $0.examples != nil } }
  }

  /// The matrix of a sweep.
  ///
  /// - Throws: ``Failure`` of kind `badData` if an accuracy is outside 0...1, or the sweep is one
  ///   over the freeze depth, which has several results per strategy.
  package init(_ results: SweepResults) throws(Failure) {
    let plan = results.plan
    guard plan.depths.isEmpty else {
      throw Failure(
        .badData, Self.attempt, because: "they are of a sweep over the freeze depth",
        remedy: "Give results of a sweep over strategies, without `depths`.")
    }
    for (place, outcome) in results.outcomes.enumerated() {
      guard let accuracy = outcome?.measurement?.accuracy, accuracy.isFinite else { continue }
      guard (0...1).contains(accuracy) || !plan.isPlanned(at: place) else {
        throw Failure(
          .badData, Self.attempt, on: "\(plan.key(at: place))",
          because: "the accuracy \(accuracy) is not in 0...1",
          remedy: "Accuracies are fractions, not percentages.")
      }
    }
    self.init(
      arms: plan.arms,
      cells: MatrixCell.all(of: results).filter { !$0.measuredArms.isEmpty },
      replicates: plan.replicates, classCount: results.provenance.classCount,
      pairing: plan.isImported ? .withinSimilarity : .acrossSimilarities)
  }

  private static let attempt = "cannot judge the results"

  /// The similarities that were measured, each once, in the order of the plan.
  package var similarities: [Similarity] {
    var known: Set<Similarity> = []
    return cells.map(\.similarity).filter { known.insert($0).inserted }
  }

  /// The kinds of shift that were measured, each once, in the order of the plan; `nil` stands for
  /// tasks that differ in all parts.
  package var shifts: [Shift?] {
    var known: Set<Shift?> = []
    return similarities.map(\.shift).filter { known.insert($0).inserted }
  }

  /// Whether a task with a kind of shift was measured.
  package var hasShifts: Bool { cells.contains { $0.similarity.shift != nil } }

  /// The train sizes that were measured, ascending.
  package var trainSizes: [Int] { Set(cells.map(\.trainSize)).sorted() }

  /// The measurements at a place; `nil` if there are none.
  package subscript(place: MatrixPlace) -> MatrixCell? { cells.first { $0.place == place } }

  /// The matrix without the measurements at a similarity.
  package func leavingOut(_ similarity: Similarity) -> ResultsMatrix {
    keeping { $0.similarity != similarity }
  }

  /// The matrix of the measurements at one similarity.
  func keeping(only similarity: Similarity) -> ResultsMatrix {
    keeping { $0.similarity == similarity }
  }

  /// The matrix of the measurements of one kind of shift, `nil` for tasks that differ in all parts.
  package func keeping(shift: Shift?) -> ResultsMatrix {
    keeping { $0.similarity.shift == shift }
  }

  /// The matrix without the measurements at a train size.
  package func leavingOut(trainSize: Int) -> ResultsMatrix {
    keeping { $0.trainSize != trainSize }
  }

  private func keeping(_ isKept: (MatrixCell) -> Bool) -> ResultsMatrix {
    ResultsMatrix(
      arms: arms, cells: cells.filter(isKept), replicates: replicates, classCount: classCount,
      pairing: pairing)
  }
}

extension MatrixCell {
  /// All places at which a plan has runs, in its order, measured or not.
  static func all(of results: SweepResults) -> [MatrixCell] {
    let plan = results.plan
    let replication = plan.splitRatio.map(Replication.splits) ?? .independent
    let chance = results.provenance.chance
    return plan.similarities.flatMap { similarity in
      plan.trainSizes.compactMap { size in
        let replicates = plan.plannedReplicates(similarity: similarity, trainSize: size)
        guard replicates > 0 else { return nil }
        let outcomes = plan.arms.map { arm in
          results.outcomes(similarity: similarity, trainSize: size, arm: arm)
        }
        return MatrixCell(
          place: MatrixPlace(similarity: similarity, trainSize: size),
          arms: ArmSummary.all(
            plan.arms, outcomes: outcomes, replication: replication,
            isOverFolds: plan.folds != nil),
          chance: chance)
      }
    }
  }
}
