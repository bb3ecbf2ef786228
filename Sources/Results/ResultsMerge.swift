package import Records

/// Merges results of one plan, such as those of its shards; the order of the files does not matter.
///
/// A run in several files must have equal metrics in all of them; a difference is an error. Of
/// equal runs the times of the fastest are kept, and a failed run is replaced by a completed one.
package struct ResultsMerge {
  private static let attempt = "cannot merge the results"

  /// How a run ended, and the file that says so.
  private struct Entry {
    let file: String
    let outcome: RunResult.Outcome
  }

  private let plan: SweepPlan
  /// The file that all others have to agree with: the first by name.
  private let first: (file: String, identity: SweepIdentity)
  /// The merged runs over the grid of the plan.
  private var entries: [Entry?]
  private var estimates: [CostEstimate?]
  private var tasks: [String: (file: String, digest: String)] = [:]
  private var provenances: [Provenance] = []

  /// Merges the results of some files.
  ///
  /// - Parameter files: the names of the files, for errors, and their results; at least one.
  /// - Throws: `Failure` of kind `badData` if the plans, weights, tasks, versions or instruction
  ///   sets of two files differ, or if two files disagree on a run; it names the files and the
  ///   difference.
  package init(_ files: [(file: String, results: SweepResults)]) throws(Failure) {
    let sorted = files.sorted { $0.file < $1.file }
    guard let first = sorted.first else {
      throw Failure(
        .usage, Self.attempt, because: "no files were given", remedy: "Give results files.")
    }
    self.first = (first.file, SweepIdentity(of: first.results))
    plan = first.results.plan
    entries = Array(repeating: nil, count: plan.gridCount)
    estimates = Array(repeating: nil, count: plan.gridCount)
    for (file, results) in sorted { try add(file, results) }
  }

  private mutating func add(_ file: String, _ results: SweepResults) throws(Failure) {
    let differences = first.identity.differences(to: SweepIdentity(of: results))
    guard differences.isEmpty else {
      throw conflict(file, first.file, "it differs in \(differences.joined(separator: ", "))")
    }
    let digests = results.provenance.taskDigests
    for (task, digest) in digests.sorted(by: { $0.key < $1.key }) {
      if let known = tasks[task], known.digest != digest {
        throw conflict(
          file, known.file,
          "it differs in the task \(task) (\(known.digest.prefix(12)) there, "
            + "\(digest.prefix(12)) here)")
      }
      tasks[task] = (file, digest)
    }
    for (place, estimate) in results.estimates.enumerated() {
      if let estimate { estimates[place] = estimate }
    }
    for (place, outcome) in results.outcomes.enumerated() {
      if let outcome { try add(outcome, at: place, file) }
    }
    provenances.append(results.provenance)
  }

  private mutating func add(
    _ outcome: RunResult.Outcome, at place: Int, _ file: String
  ) throws(Failure) {
    let entry = Entry(file: file, outcome: outcome)
    guard let known = entries[place] else { return entries[place] = entry }
    switch (known.outcome.measurement, outcome.measurement) {
    case (let old?, let new?):
      guard old.hasEqualFigures(as: new) else {
        throw conflict(
          file, known.file,
          "both have the run \(plan.key(at: place)), but with different metrics (accuracy "
            + "\(old.accuracy) there, \(new.accuracy) here)")
      }
      if new.isQuicker(than: old) { entries[place] = entry }
    case (nil, .some): entries[place] = entry
    default: break
    }
  }

  private func conflict(_ file: String, _ other: String, _ reason: String) -> Failure {
    Failure(
      .badData, Self.attempt, on: "\(file) with \(other)", because: reason,
      remedy: "Give results of one sweep, each shard run with the same options and files.")
  }

  /// The planned runs that no file has, in plan order.
  package var missing: [RunKey] {
    entries.indices.filter { entries[$0] == nil }.map(plan.key).filter(plan.isPlanned)
  }

  /// The shards that are missing, if all files are shards of plans with the same number of shards;
  /// empty otherwise.
  package var missingShards: [Shard] {
    let given = Set(provenances.compactMap(\.shard))
    guard provenances.allSatisfy({ $0.shard != nil }), let count = given.first?.count,
      given.allSatisfy({ $0.count == count })
    else { return [] }
    return (1...count).compactMap { Shard($0, of: count) }.filter { !given.contains($0) }
  }

  /// The different processors, separated by semicolons; `nil` if none is known.
  private var processors: String? {
    let names = Set(provenances.compactMap(\.processor)).sorted()
    return names.isEmpty ? nil : names.joined(separator: "; ")
  }

  /// The merged results.
  ///
  /// - Parameter commandLine: the command that merges, for the provenance.
  package func results(commandLine: String) -> SweepResults {
    let provenance = Provenance(
      toolVersion: first.identity.toolVersion, commandLine: commandLine,
      processor: processors,
      libraries: first.identity.libraries,
      finishedAt: provenances.map(\.finishedAt).max() ?? "",
      jobs: provenances.reduce(0) { $0 + $1.jobs },
      // Shards are assumed to run at the same time.
      wallSeconds: provenances.map(\.wallSeconds).max() ?? 0,
      taskDigests: tasks.mapValues(\.digest), instructionSet: first.identity.instructionSet,
      // The tasks are the same in all files; files of older versions do not have the number.
      classCount: provenances.compactMap(\.classCount).first)
    return SweepResults(
      plan: plan, provenance: provenance, outcomes: entries.map { $0?.outcome },
      estimates: estimates)
  }
}

extension SweepIdentity {
  /// The identity of results without the tasks, since parts of a sweep need not have the same ones.
  package init(of results: SweepResults) {
    let provenance = results.provenance
    self.init(
      plan: results.plan, taskDigests: [:], toolVersion: provenance.toolVersion,
      libraries: provenance.libraries, instructionSet: provenance.instructionSet)
  }
}

extension Measurement {
  /// Whether all metrics that do not depend on time are equal, bit by bit.
  fileprivate func hasEqualFigures(as other: Measurement) -> Bool {
    ResultsFile.digest(of: self) == ResultsFile.digest(of: other)
  }

  /// Whether this run was faster, in an order that is independent of which of the two comes first.
  fileprivate func isQuicker(than other: Measurement) -> Bool {
    let seconds = { (measurement: Measurement) in
      measurement.history.reduce(0) { $0 + $1.seconds }
    }
    return (cpuSeconds, wallSeconds, seconds(self))
      < (other.cpuSeconds, other.wallSeconds, seconds(other))
  }
}
