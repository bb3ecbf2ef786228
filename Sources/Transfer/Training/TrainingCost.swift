/// The cost of training, apart from the time that the training thread measures itself.
package struct TrainingCost: Sendable, Hashable {
  /// Floating-point operations of convolutions and dense layers, including frozen ones.
  package var flops = 0.0
  /// Time that other runs have spent on features that this run used, less the time that it has
  /// spent on features for them.
  package var charge = Seconds()
  /// Peak memory of programs, parameters, moments and caches, in bytes.
  package var peakBytes = 0

  package init() {}

  init(flops: Double, charge: Seconds, peakBytes: Int) {
    self.flops = flops
    self.charge = charge
    self.peakBytes = peakBytes
  }

  /// The cost with so many more bytes at its peak.
  func adding(bytes: Int) -> TrainingCost {
    var cost = self
    cost.peakBytes += bytes
    return cost
  }

  /// Adds work that is done at another time: its operations and times, but not its memory.
  package static func += (left: inout TrainingCost, right: TrainingCost) {
    left.flops += right.flops
    left.charge += right.charge
    left.peakBytes = max(left.peakBytes, right.peakBytes)
  }
}
