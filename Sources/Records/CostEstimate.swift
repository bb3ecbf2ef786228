/// What a cell is expected to take, known before it is run.
package struct CostEstimate: Sendable, Hashable, Codable {
  /// Floating-point operations of convolutions and dense layers.
  package var flops: Double
  /// Processor time of the training thread, in seconds.
  package var cpuSeconds: Double
  /// Largest sum of buffers held at once, in bytes.
  package var peakBytes: Int

  package init(flops: Double, cpuSeconds: Double, peakBytes: Int) {
    self.flops = flops
    self.cpuSeconds = cpuSeconds
    self.peakBytes = peakBytes
  }

  /// That of a run that will be refused.
  package static let nothing = CostEstimate(flops: 0, cpuSeconds: 0, peakBytes: 0)
}
