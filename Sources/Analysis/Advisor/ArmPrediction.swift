package import Records

/// What a fitted model expects of an arm for one task.
package struct ArmPrediction: Sendable, Hashable {
  package let arm: Arm
  /// Mean test accuracy over tasks of that similarity, 0...1, or over all tasks where it is not known;
  /// `nil` where others were measured around the place and this arm was not.
  package let accuracy: Double?
  /// Whether the place lies outside of what was measured of the arm: then ``accuracy`` extrapolates.
  package let isOutside: Bool
  /// Holds the subject of the advice (``MeasuredAdvice/subject``) with 95 % confidence; `nil` outside,
  /// and where no place has two replicates.
  package let interval: ConfidenceInterval?
  /// The probability that no other arm is more accurate; `nil` likewise, and where an arm was not
  /// measured around the place.
  package let bestProbability: Double?
  /// The probability that it loses no more than the preference allows; `nil` as for ``interval``.
  ///
  /// An arm that was not measured around the place is taken to reach 100 %.
  package let sufficientProbability: Double?
  /// On the machine of the measurements, one thread; `nil` where not known.
  package let cpuSeconds: Double?
  /// `nil` where not known.
  package let flops: Double?
}

/// A train size at which another arm becomes the better choice.
package struct Crossover: Sendable, Hashable {
  /// Number of labelled training examples from which the choice below loses more than allowed.
  package let trainSize: Double
  /// The size from which the choice above loses no more than allowed.
  ///
  /// From here to ``trainSize`` either will do. 0 where that is so at all smaller sizes.
  package let eitherFrom: Double
  /// Holds ``trainSize`` with 95 % confidence; an end is infinite or 0 where it may lie outside of
  /// the measured range, `nil` where nothing is known of chance.
  package let interval: ConfidenceInterval?
  /// The choice below and above.
  package let below, above: Arm
}

/// A sweep that would tell what the measurements do not.
package struct SuggestedSweep: Sendable, Hashable {
  /// `nil` where the measurements are not of networks of tlbench.
  package let architecture: String?
  /// Further options, that make the tasks that were measured and name the output.
  package let options: String
  package let similarity: Similarity
  package let trainSize: Int
  package let arms: [Arm]
  /// So many that the paired difference of the two leading arms gets an interval of ± the margin.
  package let replicates: Int

  /// The command, where tlbench has the arms and can make tasks of that similarity; `nil` otherwise.
  package var command: String? {
    let known = Arm.known(withDepths: false)
    guard let architecture, similarity.isKnown, arms.allSatisfy(known.contains) else { return nil }
    return "tlbench sweep --architecture \(architecture) --sizes \(trainSize) --similarities "
      + "\(similarity.label) --strategies \(arms.map(\.name).joined(separator: ",")) "
      + "--replicates \(replicates)\(options.isEmpty ? "" : " " + options)"
  }
}
