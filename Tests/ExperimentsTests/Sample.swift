import Experiments
import Foundation
import HDF5
import NeuralNetwork
import Records
import Results
import Sweep
import Synchronization
import TaskData
import Tensors
import TestSupport
import Transfer

/// Tasks made in memory, and how often each was requested.
final class CountedTasks: TaskSource {
  private let counts = Mutex<[TaskKey: Int]>([:])

  static let shape = ImageShape(height: 16, width: 16, channels: 1)

  var classCount: Int { 2 }

  /// How often a task was requested.
  func count(_ key: TaskKey) -> Int { counts.withLock { $0[key] ?? 0 } }

  func task(
    _ similarity: Similarity, replicate: Int, willMake: (String) -> Void
  ) throws -> TaskDataset {
    counts.withLock { $0[TaskKey(similarity: similarity, replicate: replicate), default: 0] += 1 }
    return try TaskDataset(
      name: "task-\(similarity)-r\(replicate)",
      train: images(40, seed: UInt64(replicate)), test: images(20, seed: 100 + UInt64(replicate)))
  }

  func order(of task: TaskDataset, count: Int) throws(Failure) -> [Int] { Array(0..<count) }

  func file(of name: String) -> String { "\(name).h5" }

  /// Bright and dark images, in turn.
  private func images(_ count: Int, seed: UInt64) -> LabeledImages {
    var generator = CounterGenerator(seed: seed)
    let bytes = (0..<count).flatMap { row in
      (0..<Self.shape.count).map { _ in
        UInt8.random(in: 0...100, using: &generator) + (row % 2 == 0 ? 100 : 0)
      }
    }
    return LabeledImages(
      shape: Self.shape, bytes: bytes, encoding: .unit,
      labels: (0..<count).map { Int32($0 % 2) }, classNames: ["bright", "dark"])
  }
}

/// Observes a sweep, and cancels it after some runs.
///
/// Workers may be up to 33 runs ahead of the observer: a sweep of more than that and the limit is
/// never complete.
final class Recorder: SweepObserver {
  private let state = Mutex((notes: [String](), ended: 0, early: [SweepResults]()))
  private let limit: Int
  private let runEnded: @Sendable () -> Void

  /// - Parameters:
  ///   - limit: how many runs may end before the sweep is cancelled.
  ///   - runEnded: called when a run has ended (default: nothing is done).
  init(limit: Int = .max, runEnded: @escaping @Sendable () -> Void = {}) {
    self.limit = limit
    self.runEnded = runEnded
  }

  var notes: [String] { state.withLock(\.notes) }
  /// How many runs have ended.
  var ended: Int { state.withLock(\.ended) }
  /// The results at the times when replicate 0 was reported to be complete.
  var early: [SweepResults] { state.withLock(\.early) }

  func note(_ message: String) { state.withLock { $0.notes.append(message) } }

  func observe(_ event: SweepEvent, _ progress: SweepProgress) {
    guard case .finished = event else { return }
    state.withLock { $0.ended += 1 }
    runEnded()
  }

  func firstReplicateEnded(_ results: () throws -> SweepResults) {
    guard let results = try? results() else { return }
    state.withLock { $0.early.append(results) }
  }

  func runsEnded() {}

  var isCancelled: Bool { ended >= limit }
}

/// A small sweep in the process of the tests.
struct Sample {
  var plan: SweepPlan
  let model: PretrainedModel
  let folder: TemporaryFolder

  init(
    similarities: [Similarity] = [.high], replicates: Int = 2, arms: [Arm] = [.linearProbe]
  ) throws {
    folder = try TemporaryFolder()
    model = try WeightsFile.read(
      BuiltProgram.repository.appending(path: "Datasets/simple.weights.h5").path,
      expecting: .simple)
    plan = SweepPlan(
      architecture: "simple", similarities: similarities, trainSizes: [10, 20], arms: arms,
      replicates: replicates, weightsDigest: model.digest)
  }

  var output: String { folder.path("sweep.h5") }

  func session(
    _ source: any TaskSource = CountedTasks(), observer: any SweepObserver = Recorder(),
    jobs: Int = 1, tasks: Int = 1 << 20, overwrite: Bool = false, extends: Bool = false,
    limit: TimeLimit? = nil, shard: Shard? = nil, events: EventFolder? = nil
  ) -> SweepSession {
    var settings = SweepSettings(
      jobs: jobs, memory: .init(features: 1 << 20, tasks: tasks), output: output,
      overwrite: overwrite, limit: limit, events: events, access: .thisProcess, toolVersion: "test",
      commandLine: "test")
    settings.extends = extends
    return SweepSession(
      plan: plan, shard: shard, estimate: SweepEstimate(plan, model: model, classes: 2),
      model: model, source: source, settings: settings, observer: observer)
  }
}
