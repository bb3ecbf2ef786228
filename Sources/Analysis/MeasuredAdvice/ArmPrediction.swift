package import Records

/// The prediction of a fitted model for a strategy on one task.
package struct ArmPrediction: Sendable, Hashable {
  package let arm: Arm
  /// The mean test accuracy over tasks of the similarity, 0...1, or over all tasks if it is not
  /// known; `nil` if others were measured around the place and this strategy was not.
  package let accuracy: Double?
  /// Whether the place is outside the measured range of the strategy: ``accuracy`` is then
  /// extrapolated.
  package let isOutside: Bool
  /// The 95 % confidence interval of the accuracy of ``MeasuredAdvice/subject``; `nil` outside the
  /// measured range, and if no place has two replicates.
  package let interval: ConfidenceInterval?
  /// The probability that no other strategy is more accurate; `nil` as for ``interval``, and if a
  /// strategy was not measured around the place.
  package let bestProbability: Double?
  /// The probability that the strategy loses no more than the preference allows; `nil` as for
  /// ``interval``.
  ///
  /// A strategy that was not measured around the place is assumed to reach 100 %.
  package let sufficientProbability: Double?
  /// CPU seconds of one thread on the machine of the measurements; `nil` if not known.
  package let cpuSeconds: Double?
  /// Floating-point operations; `nil` if not known.
  package let flops: Double?
}

/// A train size at which another strategy becomes the better choice.
package struct Crossover: Sendable, Hashable {
  /// The number of labelled training examples from which ``below`` loses more than allowed.
  package let trainSize: Double
  /// The size from which ``above`` loses no more than allowed.
  ///
  /// Between this size and ``trainSize`` either choice is good enough. 0 if that holds at all
  /// smaller sizes.
  package let eitherFrom: Double
  /// The 95 % confidence interval of ``trainSize``.
  ///
  /// An end is infinite or 0 if it may be outside the measured range. `nil` if the random errors
  /// are not known.
  package let interval: ConfidenceInterval?
  /// The choices below and above the size.
  package let below, above: Arm
}
