import HDF5
import Records
import Results
import TestSupport
import Testing

/// Writing and reading results.
struct RoundTripTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func reread(_ results: SweepResults) throws -> SweepResults {
    try ResultsFile.write(results, to: folder.path("sweep.h5"))
    return try ResultsFile.read(folder.path("sweep.h5"))
  }

  /// Every metric of every run is read back bit by bit, and so are failed and missing runs.
  @Test func cells() throws {
    let results = Sample.results()
    let read = try reread(results)
    for key in Sample.plan.runKeys { #expect(read[key] == results[key]) }
    #expect(read[Sample.missingKeys[0]] == nil)
    #expect(read.failures.map(\.key) == [Sample.failedKey])
  }

  /// The plan and the provenance are read back exactly.
  @Test func planAndProvenance() throws {
    let read = try reread(Sample.results())
    #expect(read.plan == Sample.plan)
    #expect(read.provenance == Sample.provenance)
  }

  /// Which examples of a fold were classified correctly is read back, also if folds differ in size.
  @Test func examples() throws {
    var plan = Sample.plan
    plan.folds = 3
    let results = Sample.results(plan: plan) { key, measurement in
      let isCorrect = (0..<5 - key.replicate).map { $0 % 3 == key.replicate }
      measurement.isCorrect = isCorrect
      measurement.accuracy = Double(isCorrect.count { $0 }) / Double(isCorrect.count)
    }
    let read = try reread(results)
    #expect(read.plan.folds == 3)
    for key in plan.runKeys { #expect(read[key] == results[key]) }
    #expect(ResultsFile.digest(of: read) == ResultsFile.digest(of: results))
    // Without folds, nothing is written about examples.
    #expect(try reread(Sample.results()).outcomes.allSatisfy { $0?.measurement?.isCorrect == nil })
    let root = try HDF5File.open(folder.path("sweep.h5")).root
    #expect(try !root.contains("correct") && !root.contains("test_example"))
  }

  /// Examples that are not those of the accuracies, of which the digest is, are refused.
  @Test func otherExamples() throws {
    var plan = Sample.plan
    plan.folds = 3
    let results = Sample.results(plan: plan) { _, measurement in
      measurement.isCorrect = [true, false]
      measurement.accuracy = 0.75
    }
    let failure = #expect(throws: Failure.self) { try reread(results) }
    #expect(failure?.kind == .badData)
    #expect(failure?.reason.contains("another share of 1 than its accuracy says") == true)
  }

  /// The time limit that ended a sweep is read back, and changes no digest.
  @Test func budget() throws {
    let results = Sample.results()
    var provenance = results.provenance
    provenance.budgetSeconds = 90.5
    let ended = SweepResults(
      plan: results.plan, provenance: provenance, outcomes: results.outcomes)
    #expect(try reread(ended).provenance == provenance)
    #expect(ResultsFile.digest(of: ended) == ResultsFile.digest(of: results))
    #expect(try reread(results).provenance.budgetSeconds == nil)
  }

  /// The number of classes is read back, and is not known if a file does not have it.
  @Test func classCount() throws {
    let results = Sample.results()
    var provenance = results.provenance
    for count in [7, nil] {
      provenance.classCount = count
      let read = try reread(
        SweepResults(plan: results.plan, provenance: provenance, outcomes: results.outcomes))
      #expect(read.provenance.classCount == count)
    }
  }

  /// A history keeps its length if it ends in a loss that is NaN.
  @Test func divergedHistory() throws {
    let key = Sample.plan.runKeys[3]
    let results = Sample.results { cell, measurement in
      if cell == key { measurement.history[2].loss = .nan }
    }
    let history = try #require(try reread(results)[key]?.measurement?.history)
    #expect(history.count == 3)
    #expect(history[2].loss.isNaN)
    #expect(history[2].learningRate == 1e-3 / 3)
  }

  /// A sweep without any finished run can be written and read.
  @Test func nothingYet() throws {
    let empty = SweepResults(plan: Sample.plan, provenance: Sample.provenance, cells: [])
    let read = try reread(empty)
    #expect(read.plan == Sample.plan)
    #expect(Sample.plan.runKeys.allSatisfy { read[$0] == nil })
  }

  /// A second write replaces the first.
  @Test func overwriting() throws {
    let first = try reread(Sample.results())
    let key = Sample.plan.runKeys[1]
    let second = try reread(Sample.results { _, measurement in measurement.accuracy = 0.5 })
    #expect(first[key]?.measurement?.accuracy != 0.5)
    #expect(second[key]?.measurement?.accuracy == 0.5)
  }
}
