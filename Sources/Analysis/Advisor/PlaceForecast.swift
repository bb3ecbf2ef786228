import Records

/// What measurements say of all arms at one place, before anything is chosen.
struct PlaceForecast {
  /// The expected accuracy per arm, 0...1; `nil` for arms that were not measured around the place.
  let expected: [Double?]
  /// The same of every measured arm, however far away, and perhaps outside of 0...1.
  let extrapolated: [Double?]
  /// Equally plausible accuracies, `[draw][arm]`; `nil` where nothing is known of chance, or no arm
  /// was measured around the place.
  let draws: [[Double?]]?
  /// What draws need not tell: the t intervals of what was measured at this very place.
  let measuredIntervals: [ConfidenceInterval?]
  /// The fewest replicates that a figure rests on.
  let replicates: Int?
  /// How the place lies outside of what was measured of every arm; `nil` where it does not.
  let outsideReason: String?

  /// The arms that can be compared here.
  var compared: [Int] { expected.indices.filter { expected[$0] != nil } }

  /// The arms that were measured, but not around this place: any of them might be the best.
  var missing: [Int] {
    expected.indices.filter { expected[$0] == nil && extrapolated[$0] != nil }
  }
}
