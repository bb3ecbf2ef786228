/// Additions of low rank to the kernels of a backbone, which are trained instead of the kernels.
public struct LowRankAdapters: Sendable, Hashable, Codable {
  /// The rank of each addition, at least 1.
  public var rank: Int
  /// The factor on each addition, multiplied by the rank; above 0.
  public var alpha: Double

  /// - Parameter alpha: default: the rank, so that the factor is 1.
  public init(rank: Int, alpha: Double? = nil) {
    self.rank = rank
    self.alpha = alpha ?? Double(rank)
  }
}
