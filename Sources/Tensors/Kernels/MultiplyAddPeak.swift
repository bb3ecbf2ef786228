import CKernels

/// How fast a core of this processor multiplies and adds in registers alone.
package struct MultiplyAddPeak: Sendable {
  /// The instruction set, as ``kernelInstructionSet``.
  package let instructionSet: String
  /// Floating-point operations per second of processor time; a fused multiply-add is two.
  package let flopsPerSecond: Double

  /// Measures every instruction set up to that of the kernels on the calling thread, the best one
  /// last; takes some tenths of a second.
  package static func measured() -> [MultiplyAddPeak] {
    var peaks: [MultiplyAddPeak] = []
    while let name = peak_instruction_set(Int32(peaks.count)) {
      let index = Int32(peaks.count)
      // The fastest of several runs: the first ones may wait for the clock of the core to rise.
      let speeds = (0..<30).map { _ in
        let start = ProcessorTime.ofThread
        let operations = peak_operations(index, 1_000_000)
        return operations / (1e-9 * Double(max(1, ProcessorTime.ofThread - start)))
      }
      peaks.append(
        MultiplyAddPeak(
          instructionSet: String(cString: name), flopsPerSecond: speeds.max() ?? 0))
    }
    return peaks
  }
}
