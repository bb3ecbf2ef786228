import Foundation
import Records
import TaskData
import Transfer

/// What a sweep would do, for `--dry-run`.
struct DryRun {
  let plan: SweepPlan
  let shard: Shard?
  let cells: [CellKey]
  let estimate: SweepEstimate
  let folder: TaskFolder
  let jobs: Int
  let memory: Workbench.Memory

  /// The text, ending in a newline.
  ///
  /// - Parameter listsCells: whether every cell has a line.
  func text(listsCells: Bool) -> String {
    let weights = "\(plan.architecture) network, weights \(plan.weightsDigest.prefix(12))"
    let part = shard.map { ", shard \($0) of \(plan.cellKeys.count) cells" } ?? ""
    var lines = ["\(cells.count) cells, \(weights)\(part)", ""]
    lines += axis("similarity", plan.similarities.map(\.label)) { $0.similarity.label }
    lines += axis("train size", plan.trainSizes.map { "\($0)" }) { "\($0.trainSize)" }
    lines += axis("strategy", plan.arms.map(\.name)) { $0.arm.name }
    if !plan.depths.isEmpty {
      lines += axis("depth", plan.depths.map { "\($0)" }) { "\($0.depth ?? -1)" }
    }
    lines += axis("replicate", (0..<plan.replicates).map { "r\($0)" }) { "r\($0.replicate)" }
    lines += ["", totals, "", memoryLine, diskLine]
    if listsCells {
      lines.append("")
      lines += cells.map { "\($0)  \(amounts([$0]))" }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A line for every value of an axis, with its cells and their work.
  private func axis(
    _ name: String, _ values: [String], _ value: (CellKey) -> String
  ) -> [String] {
    let groups = Dictionary(grouping: cells, by: value)
    return values.enumerated().map { index, word in
      let group = groups[word] ?? []
      let columns = [
        (index == 0 ? name : "").padding(toLength: 12, withPad: " ", startingAt: 0),
        word.padding(toLength: max(22, word.count), withPad: " ", startingAt: 0),
        String(repeating: " ", count: max(0, 6 - "\(group.count)".count)) + "\(group.count) cells",
        "  \(amounts(group))",
      ]
      return columns.joined()
    }
  }

  private func amounts(_ group: [CellKey]) -> String {
    let estimates = group.map { estimate[$0] }
    let flops = estimates.reduce(0) { $0 + $1.flops }
    let seconds = estimates.reduce(0) { $0 + $1.cpuSeconds }
    return "\(Quantity.flops(flops)), \(Quantity.seconds(seconds)) CPU"
  }

  private var totals: String {
    let seconds = cells.map(estimate.cpuSeconds)
    // As many workers as there are, and never less than the longest cell.
    let elapsed = max(seconds.reduce(0, +) / Double(jobs), seconds.max() ?? 0)
    return "estimated    \(amounts(cells)); \(Quantity.seconds(elapsed)) with --jobs \(jobs)\n"
      + "             CPU time from a fixed rate per operation and step: it is the same on every\n"
      + "             machine, and off by one factor on each."
  }

  private var tasks: Set<TaskShelf.Key> { Set(cells.map(TaskShelf.Key.init)) }

  private var memoryLine: String {
    let largest = cells.map { estimate[$0].peakBytes }.sorted().suffix(jobs)
    let taskBytes = tasks.count * folder.settings.taskPixels * MemoryLayout<Float>.stride
    let shared = min(taskBytes, memory.tasks) + memory.features
    return "memory       at most \(Quantity.bytes(Double(largest.reduce(0, +) + shared))): the "
      + "largest cells side by side, tasks, shared features"
  }

  private var diskLine: String {
    let missing = tasks.filter { task in
      let name = SyntheticTask.name(similarity: task.similarity, replicate: task.replicate)
      return !FileManager.default.fileExists(atPath: folder.file(of: name))
    }.count
    let epochs = cells.reduce(0) { $0 + TrainingBudget.epochs(trainSize: $1.trainSize) }
    // A record of the journal has about 3 KB and 400 bytes per epoch; the results are smaller.
    let results = Double(3_000 * cells.count + 400 * epochs)
    let generated = Double(missing * folder.settings.taskPixels)
    return "disk         at most \(Quantity.bytes(generated + 2 * results)): journal and results"
      + (missing > 0 ? ", \(missing) tasks to generate" : "")
  }
}

extension HierarchySettings {
  /// Pixels of all images of a target task, a byte each in its file.
  fileprivate var taskPixels: Int { (trainCount + testCount) * imageShape.count }
}
