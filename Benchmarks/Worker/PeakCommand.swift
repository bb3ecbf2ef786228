import ArgumentParser
import Foundation
import Tensors

/// Prints the peak of each instruction set, of which the speed of a network is a share.
struct PeakCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "peak",
    abstract: "Measure how fast one core multiplies and adds in registers alone.")

  func run() {
    for peak in MultiplyAddPeak.measured() {
      print("\(peak.instructionSet)  \(String(format: "%.1f", peak.flopsPerSecond * 1e-9)) GFLOP/s")
    }
  }
}
