import Records
import Sweep
import Testing

/// The order in which runs start: an early table of one replicate, and no later end.
struct RunOrderTests {
  private static let similarities: [Similarity] = [.low, .medium, .high]
  private static let sizes = [100, 1_000, 10_000]

  /// Seconds of the taught strategies at each train size, about those of the `medium` network.
  private static let durations: [String: [Double]] = [
    "feature-extraction": [0.006, 0.038, 0.25], "fine-tuning": [0.37, 1.8, 3.2],
    "fine-tuning-all": [0.6, 2.8, 4.8], "from-scratch": [0.78, 3.8, 6.1],
  ]

  private static func seconds(of run: RunKey) -> Double {
    let size = sizes.firstIndex(of: run.trainSize) ?? 0
    return durations[run.arm.name]?[size] ?? 1
  }

  private static func plan(replicates: Int, arms: [Arm] = Arm.taught) -> SweepPlan {
    SweepPlan(
      architecture: "medium", similarities: similarities, trainSizes: sizes, arms: arms,
      replicates: replicates, weightsDigest: "")
  }

  private static func ordered(
    _ runs: [RunKey], jobs: Int, tasksInMemory: Int = .max
  ) -> [RunKey] {
    RunOrder(runs, costs: runs.map(seconds))
      .indices(jobs: jobs, tasksInMemory: tasksInMemory).map { runs[$0] }
  }

  /// When the last run ends, and when the last run of replicate 0 ends, if workers take runs in an
  /// order.
  private static func ends(_ runs: [RunKey], jobs: Int) -> (all: Double, first: Double) {
    var free = [Double](repeating: 0, count: jobs)
    var first = 0.0
    for run in runs {
      let worker = free.indices.min { free[$0] < free[$1] } ?? 0
      free[worker] += seconds(of: run)
      if run.replicate == 0 { first = max(first, free[worker]) }
    }
    return (free.max() ?? 0, first)
  }

  /// Every run is started once.
  @Test(arguments: [1, 2, 8], [1, 2, 4, Int.max])
  func permutation(jobs: Int, tasksInMemory: Int) {
    let runs = Self.plan(replicates: 3).runKeys
    let order = RunOrder(runs, costs: runs.map(Self.seconds))
      .indices(jobs: jobs, tasksInMemory: tasksInMemory)
    #expect(order.sorted() == Array(runs.indices))
  }

  /// Without runs there is no order.
  @Test func nothing() {
    #expect(RunOrder([], costs: []).indices(jobs: 2, tasksInMemory: 1) == [])
  }

  /// A third of the runs, those of replicate 0, come first: every similarity of the smallest size,
  /// then the next size, the longest run of a size first.
  @Test(arguments: [1, 8])
  func replicateZeroFirst(jobs: Int) {
    let runs = Self.ordered(Self.plan(replicates: 3).runKeys, jobs: jobs)
    let first = runs.prefix(36)
    #expect(first.allSatisfy { $0.replicate == 0 })
    #expect(first.map(\.trainSize) == first.map(\.trainSize).sorted())
    #expect(runs.dropFirst(36).allSatisfy { $0.replicate > 0 })
    for size in Self.sizes {
      let durations = first.filter { $0.trainSize == size }.map(Self.seconds)
      #expect(durations == durations.sorted(by: >))
    }
  }

  /// The table of one of three replicates is complete after at most 40 % of the time, and the end
  /// is at most 2 % later than with the longest runs first.
  @Test(arguments: [2, 8])
  func earlyTable(jobs: Int) {
    let runs = Self.plan(replicates: 3).runKeys
    let longestFirst = runs.sorted { Self.seconds(of: $0) > Self.seconds(of: $1) }
    let best = Self.ends(longestFirst, jobs: jobs).all
    for tasksInMemory in [6, Int.max] {
      let ends = Self.ends(
        Self.ordered(runs, jobs: jobs, tasksInMemory: tasksInMemory), jobs: jobs)
      #expect(ends.first <= 0.4 * ends.all)
      #expect(ends.all <= 1.02 * best)
    }
  }

  /// With one replicate, only the end counts.
  @Test(arguments: [2, 8])
  func oneReplicate(jobs: Int) {
    let runs = Self.plan(replicates: 1).runKeys
    let longestFirst = runs.sorted { Self.seconds(of: $0) > Self.seconds(of: $1) }
    let ends = Self.ends(Self.ordered(runs, jobs: jobs), jobs: jobs)
    #expect(ends.all <= 1.02 * Self.ends(longestFirst, jobs: jobs).all)
  }

  /// A resumed sweep whose replicate 0 is complete begins with the longest runs.
  @Test func resumedLater() {
    let runs = Self.plan(replicates: 3).runKeys.filter { $0.replicate > 0 }
    let order = Self.ordered(runs, jobs: 8)
    #expect(order.map(Self.seconds) == order.map(Self.seconds).sorted(by: >))
  }

  /// After replicate 0, tasks are needed in groups of as many as memory holds and as there are
  /// workers; lower replicates come first.
  @Test(arguments: [(1, 9, 1), (2, 9, 2), (9, 3, 3), (9, 1, 1)])
  func groups(jobs: Int, tasksInMemory: Int, size: Int) {
    let runs = Self.plan(replicates: 3).runKeys
    let rest = Self.ordered(runs, jobs: jobs, tasksInMemory: tasksInMemory).dropFirst(36)
    // A task has twelve runs.
    let groups = stride(from: rest.startIndex, to: rest.endIndex, by: 12 * size).map {
      Set(rest[$0..<$0 + 12 * size].map { TaskKey($0) })
    }
    #expect(groups.map(\.count) == Array(repeating: size, count: 6 / size))
    #expect(Set(groups.joined()).count == 6)
    #expect(groups.first?.contains { $0.replicate == 1 } == true)
    #expect(groups.last?.contains { $0.replicate == 2 } == true)
  }

  /// If memory does not hold the tasks of replicate 0, those of a size come one after another.
  @Test func littleMemory() {
    let runs = Self.plan(replicates: 2).runKeys
    let first = Self.ordered(runs, jobs: 8, tasksInMemory: 1).prefix(36)
    for start in stride(from: 0, to: 36, by: 4) {
      #expect(Set(first[start..<start + 4].map { TaskKey($0) }).count == 1)
      #expect(Set(first[start..<start + 4].map(\.trainSize)).count == 1)
    }
    #expect(RunOrder.rereadsTasks(of: runs, tasksInMemory: 2))
    #expect(!RunOrder.rereadsTasks(of: runs, tasksInMemory: 3))
    #expect(!RunOrder.rereadsTasks(of: Self.plan(replicates: 1).runKeys, tasksInMemory: 1))
  }
}
