import Experiments
import Foundation
import Records
import TaskData
import Transfer

/// The description of a planned sweep and its costs, for `--dry-run`.
struct DryRun {
  let plan: SweepPlan
  let shard: Shard?
  /// The runs of the shard, or of the whole plan.
  let runs: [RunKey]
  let estimate: SweepEstimate
  let folder: TaskFolder
  let jobs: Int
  let memory: RunExecutor.Memory

  /// The text, without a newline at the end.
  ///
  /// - Parameter listsRuns: whether every run has a line.
  func text(listsRuns: Bool) -> String {
    let weights = "\(plan.architecture) network, weights \(plan.weightsDigest.prefix(12))"
    let part = shard.map { ", shard \($0) of \(plan.runKeys.count) runs" } ?? ""
    let count = runs.count == 1 ? "1 run" : "\(runs.count) runs"
    var lines = ["\(count), \(weights)\(part)", ""]
    lines += axis("similarity", plan.similarities.map(\.label)) { $0.similarity.label }
    lines += axis("train size", plan.trainSizes.map { "\($0)" }) { "\($0.trainSize)" }
    lines += axis("strategy", plan.arms.map(\.name)) { $0.arm.name }
    if !plan.depths.isEmpty {
      lines += axis("depth", plan.depths.map { "\($0)" }) { "\($0.depth ?? -1)" }
    }
    lines += axis("replicate", (0..<plan.replicates).map { "r\($0)" }) { "r\($0.replicate)" }
    lines += ["", totals, "", memoryLine, diskLine]
    if listsRuns {
      lines.append("")
      lines += runs.map { "\($0)  \(amounts([$0]))" }
    }
    return lines.joined(separator: "\n")
  }

  /// A line for every value of an axis, with the number of its runs and their work.
  private func axis(
    _ name: String, _ values: [String], _ value: (RunKey) -> String
  ) -> [String] {
    let groups = Dictionary(grouping: runs, by: value)
    return values.enumerated().map { index, word in
      let group = groups[word] ?? []
      let columns = [
        (index == 0 ? name : "").padding(toLength: 12, withPad: " ", startingAt: 0),
        word.padding(toLength: max(22, word.count), withPad: " ", startingAt: 0),
        String(repeating: " ", count: max(0, 6 - "\(group.count)".count)) + "\(group.count) runs",
        "  \(amounts(group))",
      ]
      return columns.joined()
    }
  }

  private func amounts(_ group: [RunKey]) -> String {
    let estimates = group.map { estimate[$0] }
    let flops = estimates.reduce(0) { $0 + $1.flops }
    let seconds = estimates.reduce(0) { $0 + $1.cpuSeconds }
    return "\(Quantity.flops(flops)), \(Quantity.seconds(seconds)) CPU"
  }

  private var totals: String {
    let seconds = runs.map(estimate.cpuSeconds)
    // The work of all runs divided by the workers, but at least the longest run.
    let elapsed = max(seconds.reduce(0, +) / Double(jobs), seconds.max() ?? 0)
    return "estimated    \(amounts(runs)); \(Quantity.seconds(elapsed)) with --jobs \(jobs)\n"
      + "             CPU time assumes a fixed speed; your machine is uniformly faster or slower."
  }

  private var tasks: Set<TaskKey> { Set(runs.map(TaskKey.init)) }

  private var memoryLine: String {
    let largest = runs.map { estimate[$0].peakBytes }.sorted().suffix(jobs)
    let taskBytes = tasks.count * folder.settings.taskPixels * MemoryLayout<Float>.stride
    let shared = min(taskBytes, memory.tasks) + memory.features
    // Threads without a run help with the others.
    let helping = max(0, jobs - runs.count) * estimate.helperBytes
    let bytes = largest.reduce(0, +) + helping + shared
    return "memory       at most \(Quantity.bytes(Double(bytes))): the "
      + "largest runs in parallel, tasks, shared features"
  }

  private var diskLine: String {
    let missing = tasks.filter { task in
      let name = SyntheticTask.name(
        folder.settings.family, similarity: task.similarity, replicate: task.replicate)
      return !FileManager.default.fileExists(atPath: folder.file(of: name))
    }.count
    let epochs = runs.reduce(0.0) { sum, run in
      let factor = run.arm.trainedArms.reduce(0.0) { $0 + $1.techniques.epochFactor }
      return sum + factor * Double(TrainingBudget.epochs(trainSize: run.trainSize))
    }
    // A record of the journal has about 3 KB and 400 bytes per epoch; the results are smaller.
    let results = Double(3_000 * runs.count) + 400 * epochs
    let generated = Double(missing * folder.settings.taskPixels)
    return "disk         at most \(Quantity.bytes(generated + 2 * results)): journal and results"
      + (missing > 0 ? ", \(missing) tasks to generate" : "")
  }
}

extension TaskSettings {
  /// The pixels of all images of a target task, one byte each in its file.
  fileprivate var taskPixels: Int { (trainCount + testCount) * imageShape.count }
}
