package import Records

/// The figures of a sweep by place: what verdicts, scoreboards and fitted advisors work on.
///
/// Places where nothing was measured are not in it, so that a plan need not be carried out in full.
package struct ResultsMatrix: Sendable, Hashable {
  /// The arms of the plan, in its order.
  package let arms: [Arm]
  /// The places where at least one replicate of one arm completed, in the order of the plan.
  package let cells: [MatrixCell]
  /// How many replicates were planned.
  package let replicates: Int
  /// How many classes every task has; `nil` where it is not known.
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

  /// The accuracy of guessing among equally frequent classes, 0...1; `nil` where their number is
  /// not known.
  package var chance: Double? { classCount.map { 1 / Double($0) } }

  /// What the replicates of a place have in common.
  package var replication: Replication { cells.first?.arms.first?.replication ?? .independent }

  /// The matrix of a sweep.
  ///
  /// - Throws: ``Failure`` of kind `badData` where an accuracy lies outside 0...1, or the sweep is
  ///   one over the freeze depth, which has no single figure per arm.
  package init(_ results: SweepResults) throws(Failure) {
    let plan = results.plan
    guard plan.depths.isEmpty else {
      throw Failure(
        .badData, Self.attempt, because: "they are of a sweep over the freeze depth",
        remedy: "Give results of a sweep over strategies, without --depths.")
    }
    for key in plan.cellKeys {
      guard let accuracy = results[key]?.measurement?.accuracy, accuracy.isFinite else { continue }
      guard (0...1).contains(accuracy) else {
        throw Failure(
          .badData, Self.attempt, on: "\(key)", because: "the accuracy \(accuracy) is not in 0...1",
          remedy: "Accuracies are shares, not percentages.")
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
    cells.reduce(into: []) { found, cell in
      if !found.contains(cell.similarity) { found.append(cell.similarity) }
    }
  }

  /// The train sizes that were measured, ascending.
  package var trainSizes: [Int] { Set(cells.map(\.trainSize)).sorted() }

  package subscript(place: MatrixPlace) -> MatrixCell? { cells.first { $0.place == place } }

  /// The matrix without what was measured at a similarity.
  package func leavingOut(_ similarity: Similarity) -> ResultsMatrix {
    keeping { $0.similarity != similarity }
  }

  /// The matrix of what was measured at one similarity.
  func keeping(only similarity: Similarity) -> ResultsMatrix {
    keeping { $0.similarity == similarity }
  }

  /// The matrix without what was measured at a train size.
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
  /// All places in which a plan has cells, in its order, measured or not.
  static func all(of results: SweepResults) -> [MatrixCell] {
    let plan = results.plan
    let replication = plan.splitRatio.map(Replication.splits) ?? .independent
    return plan.similarities.flatMap { similarity in
      plan.trainSizes.compactMap { size in
        let replicates = plan.plannedReplicates(similarity: similarity, trainSize: size)
        guard replicates > 0 else { return nil }
        let arms = plan.arms.map { arm in
          ArmSummary(
            arm: arm,
            cells: (0..<replicates).map { replicate in
              results[
                CellKey(similarity: similarity, trainSize: size, arm: arm, replicate: replicate)]
            }, replication: replication)
        }
        return MatrixCell(
          place: MatrixPlace(similarity: similarity, trainSize: size), arms: arms)
      }
    }
  }
}
