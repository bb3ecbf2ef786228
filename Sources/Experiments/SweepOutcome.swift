package import Records

/// How a sweep ended: complete, or with runs that failed, are missing or could not be saved.
package struct SweepOutcome: Sendable {
  /// All runs that have ended, those of earlier sessions of the same sweep included.
  package let results: SweepResults
  /// How many runs the session had to finish, those finished earlier included.
  package let runCount: Int
  /// How many runs of the session have not ended.
  package let missingCount: Int
  /// Why the journal could not be written, if so; the sweep ended because of it.
  package let journalFailure: Failure?
  /// Why the results file could not be written, if so.
  package let outputFailure: Failure?

  /// Whether runs are missing because the time limit has passed.
  package var isEndedByBudget: Bool { results.provenance.budgetSeconds != nil }

  /// How many runs failed.
  package var failureCount: Int { results.failures.count }

  /// Whether every run has completed and is in the results file.
  package var isComplete: Bool {
    missingCount == 0 && failureCount == 0 && journalFailure == nil && outputFailure == nil
  }
}
