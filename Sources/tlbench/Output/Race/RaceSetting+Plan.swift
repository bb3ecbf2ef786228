import Analysis
import Experiments
import Records
import TaskData
import Transfer

extension RaceSetting {
  /// The strategies with what they are expected to take, and the limits of the race.
  func plan(budget: Double) throws -> RacePlan {
    let size = images.count - (folds.parts.map(\.count).max() ?? 0)
    let runs = try command.arms().map { StrategyRun(arm: $0, model: model, seed: 0) }
    let entrants = runs.map { run in
      func estimate(sharingFeatures: Bool) -> CostEstimate {
        run.estimate(
          trainSize: size, classes: images.classCount, sharingFeatures: sharingFeatures)
      }
      let alone = estimate(sharingFeatures: false)
      return RacePlan.Entrant(
        arm: run.arm, seconds: alone.cpuSeconds,
        memory: RaceMemory.Training(
          alone: alone.peakBytes,
          besideFeatures: estimate(sharingFeatures: true).peakBytes))
    }
    let multiples = try command.multiples()
    var plan = RacePlan(
      entrants: entrants,
      guess: (
        FoldRuns.guess, folds.parts.indices.map { FoldRuns.guess(images, folds, fold: $0) }
      ),
      folds: folds.parts, labels: images.labels,
      metric: try command.metric.value(of: "--metric"),
      rules: RaceRules(try command.criteria()), budget: budget, jobs: command.jobs,
      seed: command.seed)
    plan.memory = RaceMemory(
      bytes: max(0, MachineMemory.bytes - imageBytes), features: featureBytes(of: runs, size),
      capacity: command.featureCache << 20)
    plan.keepsModel = command.model != nil || sealedTest != nil
    plan.forecasts = !multiples.isEmpty
    return plan
  }

  /// The most bytes of memory that the examples take.
  var imageBytes: Int { images.mostStorageBytes + (sealedTest?.mostStorageBytes ?? 0) }

  /// The bytes of all features that trainings of some strategies can share; `nil` if they are not
  /// known.
  private func featureBytes(of runs: [StrategyRun], _ size: Int) -> Int? {
    var bytes: [String: Int] = [:]
    for run in runs {
      guard let own = run.featureBytes(trainSize: size, classes: images.classCount) else {
        return nil
      }
      bytes.merge(own) { known, _ in known }
    }
    // Examples that are left out pass the same layers.
    return images.count * bytes.values.reduce(0, +)
  }
}
