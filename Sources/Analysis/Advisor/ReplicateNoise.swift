import RealModule

/// What chance did to the replicates of a measured place, of one arm: what its mean may be off by.
///
/// The deviations of the replicates from their mean, each times a standard normal number of the
/// replicate, sum to a number with the variance s² / n; divided by the root of a chi-squared number
/// over its n − 1 degrees of freedom they are Student's t, so that draws and the interval of the
/// mean agree. Places and arms that share a replicate share its normal number: their errors hang
/// together as the replicates themselves do.
struct ReplicateNoise {
  /// From the mean, per replicate; 0 where it is missing.
  private let deviations: [Double]
  private let isPresent: [Bool]
  private let mean: Double
  private let count: Int
  /// Of the mean, per unit of the sum of the deviations times the replicates' normal numbers.
  private let scale: Double
  /// Standard deviation of a single replicate; only where there is one.
  private let spread: Double?

  /// - Parameter spread: the standard deviation of a replicate of this arm at other places.
  /// - Returns: `nil` where there is no replicate.
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

  /// A plausible true mean.
  func drawnMean(_ numbers: ReplicateNumbers, _ generator: inout SplitMix64) -> Double {
    guard count > 1 else { return mean + (spread ?? 0) * generator.normal() }
    var sum = 0.0
    for (deviation, normal) in zip(deviations, numbers.normals) {
      sum += deviation * normal
    }
    return mean + scale * sum * numbers.widening[count - 1]
  }

  /// What a replicate has above the mean, as a new replicate would.
  func residual(of replicate: Int, _ generator: inout SplitMix64) -> Double {
    guard count > 1 else { return (spread ?? 0) * generator.normal() }
    guard deviations.indices.contains(replicate) else { return 0 }
    return deviations[replicate] * Double.sqrt(Double(count) / Double(count - 1))
  }

  /// Whether there is a residual of a replicate.
  func has(_ replicate: Int) -> Bool {
    count < 2 || (isPresent.indices.contains(replicate) && isPresent[replicate])
  }
}

/// The numbers of one draw that all places of a group of similarities share.
struct ReplicateNumbers {
  /// Standard normal, one per replicate.
  let normals: [Double]
  /// By degrees of freedom ν: √(ν / χ²) with a chi-squared number of ν degrees of freedom.
  let widening: [Double]

  /// - Parameter count: of replicates.
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
