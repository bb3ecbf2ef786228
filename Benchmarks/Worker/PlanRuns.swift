import Experiments
import Records
import Sweep
import Synchronization
import TaskData
import Transfer

/// The runs of one replicate of a plan, performed as a sweep performs them.
struct PlanRuns {
  let plan: SweepPlan
  let replicate: Int
  let jobs: Int
  let model: PretrainedModel
  let folder: TaskFolder

  /// Performs the runs.
  ///
  /// - Throws: `Failure` if a run fails.
  func measured() throws -> [Answerer.Run] {
    let keys = plan.runKeys.filter { $0.replicate == replicate }
    let estimate = SweepEstimate(plan, model: model, classes: folder.settings.targetClasses)
    let executor = try RunExecutor(
      runs: keys, model: model, source: folder,
      memory: .init(features: 96 << 20), jobs: jobs, announce: { _ in },
      isCancelled: { false })
    let results = Mutex<[RunResult]>([])
    SweepRunner(
      runs: keys, jobs: jobs, tasksInMemory: executor.tasksInMemory, cost: estimate.cpuSeconds,
      measure: { try executor.measure($0, isCancelled: { false }) },
      observe: { event, _ in
        if case .finished(let result) = event { results.withLock { $0.append(result) } }
      }
    ).run()
    return try results.withLock(\.self).map { result in
      switch result.outcome {
      case .completed(let measurement):
        return Answerer.Run(
          size: result.key.trainSize, strategy: result.key.arm.name, accuracy: measurement.accuracy,
          cpuSeconds: measurement.cpuSeconds)
      case .failed(let reason):
        throw Failure(.failed, "cannot measure", on: "\(result.key)", because: reason)
      }
    }
  }
}
