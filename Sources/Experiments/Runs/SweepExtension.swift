import HDF5
import Records
import Results

/// The completed runs of existing results that a larger plan has too, so that they need not be
/// carried out again.
///
/// A run does not depend on which other runs a plan has.
struct SweepExtension {
  private static let attempt = "cannot extend the results"

  private let runs: [(place: Int, outcome: RunResult.Outcome)]
  private let elapsed: Double

  /// - Parameter identity: that of the larger sweep.
  /// - Throws: `Failure` of kind `badData` if the results were made in another way, and of kind
  ///   `usage` if they have a run that the larger plan lacks.
  init(_ path: String, to identity: SweepIdentity, by access: FileAccess) throws {
    let results = try ResultsFile.read(path, by: access)
    let (plan, tasks) = (identity.plan, results.provenance.taskDigests)
    // Everything but the axes of the plan has to be equal, and the strategies, similarities and
    // tasks that both have.
    var (before, now) = (SweepIdentity(of: results), identity)
    let (similarities, arms) = (results.plan.similarities, results.plan.arms)
    before.plan.similarities = plan.similarities.map { own in
      similarities.first { $0.label == own.label } ?? own
    }
    before.plan.trainSizes = plan.trainSizes
    before.plan.arms = plan.arms.map { own in arms.first { $0.name == own.name } ?? own }
    before.plan.replicates = plan.replicates
    before.taskDigests = tasks.filter { identity.taskDigests[$0.key] != nil }
    now.taskDigests = identity.taskDigests.filter { tasks[$0.key] != nil }
    let differences = before.differences(to: now)
    guard differences.isEmpty else {
      throw Failure(
        .badData, Self.attempt, on: path,
        because: "they differ in \(differences.joined(separator: "; "))",
        remedy: "Run it with the settings of these results, or choose another `output`.")
    }
    var runs: [(place: Int, outcome: RunResult.Outcome)] = []
    for key in results.plan.runKeys {
      guard let outcome = results[key]?.outcome, case .completed = outcome else { continue }
      guard let place = plan.place(of: key) else {
        throw Failure(
          .usage, Self.attempt, on: path,
          because: "they have the run \(key), which the new plan lacks",
          remedy: "Name all sizes, strategies and replicates of these results as well.")
      }
      runs.append((place, outcome))
    }
    self.runs = runs
    elapsed = results.provenance.wallSeconds
  }

  /// Records the runs that the journal of the larger sweep does not hold, and returns how many they
  /// are.
  func append(to journal: ResultsJournal) throws -> Int {
    let missing = runs.filter { !journal.has($0.place) }
    for run in missing {
      try journal.append(JournalEntry(cell: run.place, outcome: run.outcome, elapsed: elapsed))
    }
    return missing.count
  }
}
