import RealModule

/// The random error of the mean of a strategy's replicates at one measured place.
///
/// The deviations of the replicates from their mean, each times a standard normal number of the
/// replicate, sum to a number with the variance s² / n; divided by the root of a chi-squared number
/// over its n − 1 degrees of freedom they are Student's t, so that draws and the interval of the
/// mean agree. Places and strategies that share a replicate share its normal number: their errors
/// are correlated like the replicates themselves.
struct ReplicateNoise {
  /// The deviation from the mean, per replicate; 0 if it is missing.
  private let deviations: [Double]
  private let isPresent: [Bool]
  private let mean: Double
  private let count: Int
  /// The error of the mean per unit of the sum of deviations times normal numbers.
  private let scale: Double
  /// The standard deviation of a replicate; set only if there is a single one.
  private let spread: Double?

  /// Returns `nil` if there is no replicate.
  ///
  /// - Parameter spread: The standard deviation of a replicate of this strategy at other places.
  init?(_ values: [Double?], _ replication: Replication, spread: Double?) {
    let known = values.compactMap { $0 }
    guard let mean = Statistics.mean(known) else { return nil }
    self.mean = mean
    count = known.count
    deviations = values.map { $0.map { $0 - mean } ?? 0 }
    isPresent = values.map { $0 != nil }
    scale =
      count > 1
      ? replication.errorFactor(count: count) / Double.sqrt(Double(count * (count - 1))) : 0
    self.spread = count > 1 ? nil : spread
  }

  /// A random plausible value of the true mean.
  func drawnMean(_ numbers: ReplicateNumbers, _ generator: inout SplitMix64) -> Double {
    guard count > 1 else { return mean + (spread ?? 0) * generator.normal() }
    var sum = 0.0
    for (deviation, normal) in zip(deviations, numbers.normals) {
      sum += deviation * normal
    }
    return mean + scale * sum * numbers.widening[count - 1]
  }

  /// The deviation of a replicate from the mean, scaled to that of a new replicate.
  func residual(of replicate: Int, _ generator: inout SplitMix64) -> Double {
    guard count > 1 else { return (spread ?? 0) * generator.normal() }
    guard deviations.indices.contains(replicate) else { return 0 }
    return deviations[replicate] * Double.sqrt(Double(count) / Double(count - 1))
  }

  /// Whether a replicate has a residual.
  func has(_ replicate: Int) -> Bool {
    count < 2 || (isPresent.indices.contains(replicate) && isPresent[replicate])
  }
}

/// The random numbers of one draw that all places of a group of similarities share.
struct ReplicateNumbers {
  /// Standard normal numbers, one per replicate.
  let normals: [Double]
  /// √(ν / χ²) by degrees of freedom ν, with a chi-squared number of ν degrees of freedom.
  let widening: [Double]

  /// - Parameter count: The number of replicates.
  init(count: Int, _ generator: inout SplitMix64) {
    normals = (0..<count).map { _ in generator.normal() }
    var (widening, squares) = ([1.0], 0.0)
    for degrees in 1..<max(1, count) {
      let normal = generator.normal()
      squares += normal * normal
      widening.append(Double.sqrt(Double(degrees) / squares))
    }
    self.widening = widening
  }
}
