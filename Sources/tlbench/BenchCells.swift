import Records
import Sweep
import Synchronization
import TaskData
import Transfer

/// The cells of one replicate of a plan, run as a sweep runs them.
struct BenchCells {
  let plan: SweepPlan
  let replicate: Int
  let jobs: Int
  let model: PretrainedModel
  let folder: TaskFolder

  /// - Throws: `Failure` where a cell fails.
  func measured() throws -> [BenchWorker.Cell] {
    let keys = plan.cellKeys.filter { $0.replicate == replicate }
    let estimate = SweepEstimate(plan, model: model, classes: folder.settings.targetClasses)
    let bench = try Workbench(
      plan: plan, cells: keys, model: model, source: folder,
      memory: Workbench.Memory(features: 96 << 20), jobs: jobs, announce: Console.note,
      isCancelled: { false })
    let results = Mutex<[CellResult]>([])
    SweepRunner(
      cells: keys, jobs: jobs, cost: estimate.cpuSeconds,
      measure: { try bench.measure($0, isCancelled: { false }) },
      observe: { event, _ in
        if case .finished(let result) = event { results.withLock { $0.append(result) } }
      }
    ).run()
    return try results.withLock(\.self).map { result in
      switch result.outcome {
      case .completed(let measurement):
        return BenchWorker.Cell(
          size: result.key.trainSize, arm: result.key.arm.name, accuracy: measurement.accuracy,
          cpuSeconds: measurement.cpuSeconds)
      case .failed(let reason):
        throw Failure(.failed, "cannot measure", on: "\(result.key)", because: reason)
      }
    }
  }
}
