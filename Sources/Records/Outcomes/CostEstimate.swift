/// The expected cost of a run, estimated before it starts.
package struct CostEstimate: Sendable, Hashable, Codable {
  /// Floating-point operations of convolutions and dense layers.
  package var flops: Double
  /// Processor time of the training thread, in seconds.
  package var cpuSeconds: Double
  /// Largest sum of buffers held at the same time, in bytes.
  package var peakBytes: Int

  package init(flops: Double, cpuSeconds: Double, peakBytes: Int) {
    self.flops = flops
    self.cpuSeconds = cpuSeconds
    self.peakBytes = peakBytes
  }

  /// The cost of a run that is rejected before training.
  package static let nothing = CostEstimate(flops: 0, cpuSeconds: 0, peakBytes: 0)
}
