import Foundation
import Records
import Transfer

/// What the cells of a plan are expected to take.
struct SweepEstimate: Sendable {
  /// Over the grid of the plan; `nil` where no cell is planned.
  let values: [CostEstimate?]
  private let plan: SweepPlan

  /// - Parameter classes: of the target tasks.
  init(_ plan: SweepPlan, model: PretrainedModel, classes: Int) {
    self.plan = plan
    // Similarities and replicates differ in their data alone.
    var row: [CostEstimate] = []
    for size in plan.trainSizes {
      for arm in plan.arms {
        for arm in plan.depths.isEmpty ? [arm] : plan.depths.map(arm.atDepth) {
          row.append(
            StrategyRun(arm: arm, model: model, seed: 0)
              .estimate(trainSize: size, classes: classes))
        }
      }
    }
    values = (0..<plan.gridCount).map { place in
      plan.isPlanned(plan.key(at: place)) ? row[place / plan.replicates % row.count] : nil
    }
  }

  /// That of a cell of the plan.
  subscript(key: CellKey) -> CostEstimate {
    plan.place(of: key).flatMap { values[$0] } ?? .nothing
  }

  func cpuSeconds(of key: CellKey) -> Double { self[key].cpuSeconds }

  /// How the estimate compares with what the completed cells took, on one line; `nil` where none
  /// completed.
  static func comparison(_ results: SweepResults) -> String? {
    var (flops, cpuSeconds) = (Pair(), Pair())
    for (outcome, estimate) in zip(results.outcomes, results.estimates) {
      guard let measurement = outcome?.measurement, let estimate else { continue }
      flops.add(estimate.flops, measurement.flops)
      cpuSeconds.add(estimate.cpuSeconds, measurement.cpuSeconds)
    }
    guard let flopsRatio = flops.ratio, let secondsRatio = cpuSeconds.ratio else { return nil }
    return "Estimated \(Quantity.flops(flops.expected)) and "
      + "\(Quantity.seconds(cpuSeconds.expected)) of CPU time; measured "
      + "\(Quantity.flops(flops.measured)) (\(flopsRatio)) and "
      + "\(Quantity.seconds(cpuSeconds.measured)) (\(secondsRatio))"
  }

  private struct Pair {
    var expected = 0.0
    var measured = 0.0

    mutating func add(_ expected: Double, _ measured: Double) {
      self.expected += expected
      self.measured += measured
    }

    var ratio: String? {
      expected > 0 ? String(format: "%.2f×", measured / expected) : nil
    }
  }
}

extension CellKey {
  /// The arm as it is run, at the depth of the cell.
  var runArm: Arm { depth.map(arm.atDepth) ?? arm }
}

/// Amounts as people read them.
enum Quantity {
  static func flops(_ value: Double) -> String {
    scaled(value, ["FLOP", "kFLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP", "EFLOP"], 1000)
  }

  static func bytes(_ value: Double) -> String {
    scaled(value, ["B", "KiB", "MiB", "GiB", "TiB"], 1024)
  }

  static func seconds(_ value: Double) -> String {
    switch value {
    case ..<100: String(format: "%.2g s", value)
    case ..<6000: String(format: "%.0f min", value / 60)
    default: String(format: "%.1f h", value / 3600)
    }
  }

  private static func scaled(_ value: Double, _ units: [String], _ step: Double) -> String {
    var (value, index) = (value, 0)
    while value >= step, index + 1 < units.count {
      value /= step
      index += 1
    }
    return String(format: value < 10 && index > 0 ? "%.1f" : "%.0f", value) + " \(units[index])"
  }
}
