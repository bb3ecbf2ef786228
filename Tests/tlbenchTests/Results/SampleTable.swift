import Foundation
import TestSupport

/// A results file of known accuracies, made by importing a table.
enum SampleTable {
  static let options = [
    "--size-column", "n", "--strategy-column", "arm", "--task-column", "task",
    "--accuracy-column", "acc", "--similarity-column", "sim", "--replicate-column", "rep",
    "--cost-column", "sec",
  ]

  /// Feature extraction at 60 %, from scratch through it at 1,000 examples, five replicates.
  ///
  /// A replicate that is good for one strategy is bad for the other, so that chance matters.
  ///
  /// - Parameter loss: what feature extraction loses.
  static func write(to name: String, in workspace: Workspace, loss: Double = 0) throws {
    var lines = ["n,arm,task,acc,sim,rep,sec"]
    for (task, similarity) in [("near", 1.0), ("far", 0)] {
      for (size, scratch) in [(100, 0.4), (1_000, 0.6), (10_000, 0.8)] {
        for replicate in 0..<5 {
          let noise = 0.001 * Double(replicate)
          lines.append(
            "\(size),feature-extraction,\(task),\(0.6 + noise - loss),\(similarity),\(replicate),1")
          lines.append(
            "\(size),from-scratch,\(task),\(scratch + 0.004 - noise),\(similarity),\(replicate),9")
        }
      }
    }
    try workspace.write(Data(lines.joined(separator: "\n").utf8), to: "table.csv")
    let outcome = try workspace.run(
      ["import", "table.csv"] + options + ["--output", name, "--overwrite"])
    guard outcome.exitCode == 0 else { throw Tool.Trouble.endedByItself(errors: outcome.errors) }
  }
}
