import Records

/// The predictions for all strategies at one place, before the choice.
struct PlaceForecast {
  /// The expected accuracy per strategy, 0...1; `nil` if it was not measured around the place.
  let expected: [Double?]
  /// The expected accuracy of every measured strategy, extrapolated if necessary; it may be outside
  /// 0...1.
  let extrapolated: [Double?]
  /// Equally plausible accuracies, `[draw][strategy]`; `nil` if the random errors are not known, or
  /// no strategy was measured around the place.
  let draws: [[Double?]]?
  /// The intervals of measurements at exactly this place, which replace those of the draws.
  let measuredIntervals: [ConfidenceInterval?]
  /// The smallest number of replicates that a prediction is based on.
  let replicates: Int?
  /// In which way the place is outside the measured range of every strategy; `nil` if it is not.
  let outsideReason: String?

  /// The strategies that can be compared here.
  var compared: [Int] { expected.indices.filter { expected[$0] != nil } }

  /// The strategies that were measured, but not around this place: any of them might be the best.
  var missing: [Int] {
    expected.indices.filter { expected[$0] == nil && extrapolated[$0] != nil }
  }
}
