package import Records

/// Accuracy and time of the four treatments as functions of the number of transferred groups, at
/// one similarity and train size.
package struct DepthCurve: Sendable, Hashable {
  package let similarity: Similarity
  package let trainSize: Int
  package let depths: [Int]
  /// One summary per depth for every strategy of the plan.
  package let arms: [[ArmSummary]]

  /// The curves of a sweep over the freeze depth, in the order of the plan; empty for other sweeps.
  package static func all(of results: SweepResults) -> [DepthCurve] {
    let plan = results.plan
    guard !plan.depths.isEmpty else { return [] }
    return plan.similarities.flatMap { similarity in
      plan.trainSizes.compactMap { size in
        let replicates = plan.plannedReplicates(similarity: similarity, trainSize: size)
        guard replicates > 0 else { return nil }
        return DepthCurve(
          similarity: similarity, trainSize: size, depths: plan.depths,
          arms: plan.arms.map { arm in
            plan.depths.map { depth in
              ArmSummary(
                arm: arm,
                cells: (0..<replicates).map { replicate in
                  results[
                    RunKey(
                      similarity: similarity, trainSize: size, arm: arm, depth: depth,
                      replicate: replicate)]
                })
            }
          })
      }
    }
  }

  /// The accuracy lost from the first to the last depth, in points, per replicate.
  ///
  /// Negative if accuracy is gained, `nil` if a run is missing.
  package func falls(of arm: Arm) -> [Double?]? {
    guard let summaries = arms.first(where: { $0.first?.arm == arm }),
      let first = summaries.first, let last = summaries.last
    else { return nil }
    return zip(first.accuracies, last.accuracies).map { start, end in
      guard let start, let end else { return nil }
      return 100 * (start - end)
    }
  }
}

/// Whether frozen features lose more accuracy with depth if the tasks differ more.
///
/// This is the claim of Yosinski et al. (2014), tested between the lowest and the highest
/// similarity of a sweep.
package struct DepthClaim: Sendable, Hashable {
  package let trainSize: Int
  package let lower, higher: Similarity
  /// The mean loss of accuracy from the first to the last depth with frozen layers, in points.
  package let lowerFall, higherFall: Double
  /// The 95 % interval of the difference of the losses by Student's t over replicates.
  package let interval: ConfidenceInterval?

  /// One claim per train size; none if fewer than two similarities were measured, or `AnB` was not.
  package static func all(of results: SweepResults) -> [DepthClaim] {
    let curves = DepthCurve.all(of: results)
    return results.plan.trainSizes.compactMap { size in
      let same = curves.filter {
        $0.trainSize == size && $0.similarity.isKnown && $0.similarity.shift == nil
      }.sorted { ($0.similarity.value ?? 0) < ($1.similarity.value ?? 0) }
      guard let low = same.first, let high = same.last,
        low.similarity != high.similarity,
        let lowFalls = low.falls(of: .transferFrozen),
        let highFalls = high.falls(of: .transferFrozen)
      else { return nil }
      let pairs = zip(lowFalls, highFalls).compactMap { low, high in
        low.flatMap { low in high.map { (low, $0) } }
      }
      guard let lowMean = Statistics.mean(pairs.map(\.0)),
        let highMean = Statistics.mean(pairs.map(\.1))
      else { return nil }
      return DepthClaim(
        trainSize: size, lower: low.similarity, higher: high.similarity, lowerFall: lowMean,
        higherFall: highMean,
        interval: PairedDifferences(pairs.map { $0 - $1 }).interval())
    }
  }

  /// `supported` if the loss is larger at the lower similarity with 95 % confidence, `refuted` if
  /// it is smaller, `undecided` otherwise.
  package var verdict: Verdict {
    Verdict(effectInterval: interval)
  }
}
