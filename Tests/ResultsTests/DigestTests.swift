import Records
import Results
import TestSupport
import Testing

/// The digest of results.
struct DigestTests {
  private static let digest = ResultsFile.digest(of: Sample.results())

  private func digest(_ adjust: (inout Measurement) -> Void) -> String {
    ResultsFile.digest(
      of: Sample.results { key, measurement in
        if key == Sample.plan.runKeys[3] { adjust(&measurement) }
      })
  }

  /// The digest does not depend on times.
  @Test func ignoresTimes() {
    #expect(
      digest {
        $0.wallSeconds = 99
        $0.cpuSeconds = 98
        $0.history[1].seconds = 97
      } == Self.digest)
  }

  /// Of the provenance, the digest depends only on the digests of the tasks.
  @Test func ignoresProvenance() {
    var provenance = Sample.provenance
    provenance.commandLine = "tlbench sweep --jobs 1"
    provenance.processor = "another"
    provenance.finishedAt = "later"
    provenance.jobs = 1
    provenance.wallSeconds = 1
    #expect(ResultsFile.digest(of: Sample.results(provenance: provenance)) == Self.digest)
    provenance.taskDigests["medium-0"] = "ab"
    #expect(ResultsFile.digest(of: Sample.results(provenance: provenance)) != Self.digest)
  }

  /// The digest depends on every bit of each metric that training decides.
  @Test func dependsOnFigures() {
    let changes: [(inout Measurement) -> Void] = [
      { $0.accuracy = $0.accuracy.nextUp }, { $0.logLoss = $0.logLoss.nextUp },
      { $0.trainAccuracy = $0.trainAccuracy.nextUp }, { $0.flops += 1 }, { $0.peakBytes += 1 },
      { $0.trainableParameters += 1 }, { $0.totalParameters += 1 }, { $0.epochs += 1 },
      { $0.history[0].loss = 9 }, { $0.history[0].accuracy = 0.9 },
      { $0.history[0].learningRate = 0.9 }, { $0.history.removeLast() },
    ]
    let digests = Set(changes.map { digest($0) } + [Self.digest])
    #expect(digests.count == changes.count + 1)
  }

  /// The digest depends on weights, architecture, similarity, size and settings of a strategy.
  @Test func dependsOnKeys() {
    func changed(_ change: (inout SweepPlan) -> Void) -> String {
      var plan = Sample.plan
      change(&plan)
      // The same metrics under the other keys.
      let results = Sample.results()
      let cells = zip(Sample.plan.runKeys, plan.runKeys).compactMap { old, new in
        results[old].map { RunResult(key: new, outcome: $0.outcome) }
      }
      return ResultsFile.digest(
        of: SweepResults(plan: plan, provenance: Sample.provenance, cells: cells))
    }
    let slower = Arm(
      name: Arm.fromScratch.name, strategy: .fromScratch, frozenGroups: [],
      learningRates: .uniform(1e-4))
    var ensemble = Sample.plan.arms[1]
    ensemble.members = [.linearProbe, .fromScratch]
    let digests = [
      changed { $0.arms[1] = ensemble },
      changed { $0.weightsDigest = "decaf" }, changed { $0.architecture = "deep" },
      changed { $0.similarities[0] = .high }, changed { $0.trainSizes[1] = 1001 },
      changed { $0.arms[1] = slower }, changed { _ in },
    ]
    #expect(Set(digests).count == digests.count)
    #expect(digests.last == Self.digest)
  }

  /// The digest distinguishes missing, failed and completed runs, but not reasons of failures.
  @Test func dependsOnOutcome() {
    func outcome(_ outcome: RunResult.Outcome?) -> String {
      let key = Sample.plan.runKeys[3]
      let results = Sample.results()
      let others = Sample.plan.runKeys.filter { $0 != key }.compactMap { results[$0] }
      let cell = outcome.map { [RunResult(key: key, outcome: $0)] } ?? []
      return ResultsFile.digest(
        of: SweepResults(
          plan: Sample.plan, provenance: Sample.provenance, cells: others + cell))
    }
    #expect(Set([outcome(nil), outcome(.failed(reason: "a")), Self.digest]).count == 3)
    #expect(outcome(.failed(reason: "a")) == outcome(.failed(reason: "b")))
  }

  /// The order of the axes on the command line does not matter.
  @Test func ignoresOrderOfAxes() {
    var plan = Sample.plan
    plan.similarities.reverse()
    plan.arms.reverse()
    let results = Sample.results()
    let reordered = SweepResults(
      plan: plan, provenance: Sample.provenance,
      cells: Sample.plan.runKeys.compactMap { results[$0] })
    #expect(ResultsFile.digest(of: reordered) == Self.digest)
  }

  /// Results that are written and read have the same digest.
  @Test func throughFile() throws {
    let folder = try TemporaryFolder()
    try ResultsFile.write(Sample.results(), to: folder.path("sweep.h5"))
    #expect(try ResultsFile.digest(of: ResultsFile.read(folder.path("sweep.h5"))) == Self.digest)
  }

  /// A digest has 64 hexadecimal digits.
  @Test func form() {
    #expect(Self.digest.count == 64)
    #expect(Self.digest.allSatisfy { $0.isHexDigit })
  }
}
