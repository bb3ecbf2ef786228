import Experiments
import Records
import Testing

/// The results of one replicate, which observers receive while further replicates are trained.
struct FirstReplicateTests {
  /// Replicate 0 is reported once, as soon as it is complete, with its final measurements.
  @Test func reportedOnce() throws {
    let sample = try Sample(similarities: [.low, .high], replicates: 3)
    let observer = Recorder()
    let outcome = try sample.session(observer: observer).run()
    #expect(outcome.isComplete)
    let early = try #require(observer.early.first)
    #expect(observer.early.count == 1)
    #expect(early.plan == sample.plan)
    // No later run is kept before the observer returns.
    #expect(early.endedCount == 4)

    let table = early.firstReplicate
    #expect(table.plan.replicates == 1)
    #expect(table.missingCount == 0)
    #expect(table.plan.runKeys == sample.plan.runKeys.filter { $0.replicate == 0 })
    for key in table.plan.runKeys { #expect(table[key] == outcome.results[key]) }
  }

  /// Limits that leave fewer replicates at some places do not delay the report.
  @Test func limitedPlan() throws {
    var sample = try Sample(replicates: 2)
    sample.plan.limits = [PlanLimit(aboveTrainSize: 10, replicates: 1)]
    let observer = Recorder()
    #expect(try sample.session(observer: observer).run().isComplete)
    #expect(observer.early.map(\.endedCount) == [2])
    #expect(observer.early.first?.firstReplicate.missingCount == 0)
  }

  /// A failed run has ended; the report shows that it failed.
  @Test func failedRun() throws {
    var diverging = Arm.fromScratch
    diverging.techniques.rateFactor = 1e30
    let observer = Recorder()
    let sample = try Sample(arms: [.linearProbe, diverging])
    _ = try sample.session(observer: observer).run()
    #expect(observer.early.first?.firstReplicate.failures.count == 2)
  }

  /// With one replicate, the results at the end are the only ones.
  @Test func oneReplicate() throws {
    let observer = Recorder()
    let sample = try Sample(replicates: 1)
    #expect(try sample.session(observer: observer).run().isComplete)
    #expect(observer.early.isEmpty)
  }

  /// A sweep that resumes after the end of replicate 0 does not report it again.
  @Test func resumedLater() throws {
    let sample = try Sample(replicates: 18)
    let first = Recorder(limit: 2)
    #expect(try !sample.session(observer: first).run().isComplete)
    #expect(first.early.count == 1)
    let second = Recorder()
    #expect(try sample.session(observer: second).run().isComplete)
    #expect(second.early.isEmpty)
  }

  /// A shard has not all places of a replicate, so that it reports none.
  @Test func shard() throws {
    let observer = Recorder()
    let sample = try Sample()
    #expect(try sample.session(observer: observer, shard: Shard(1, of: 1)).run().isComplete)
    #expect(observer.early.isEmpty)
  }

  /// Tasks that do not fit into memory together are read again for every train size, which is
  /// announced; the results are the same.
  @Test func littleMemory() throws {
    let sample = try Sample(similarities: [.low, .high])
    let enough = Recorder()
    let expected = try sample.session(observer: enough).run().results
    #expect(!enough.notes.contains { $0.contains("read again") })

    let source = CountedTasks()
    let little = Recorder()
    let found = try sample.session(source, observer: little, tasks: 0, overwrite: true).run()
    #expect(little.notes.count { $0.contains("they are read again for every train size") } == 1)
    let counts = [Similarity.low, .high].map { similarity in
      (0..<2).map { source.count(TaskKey(similarity: similarity, replicate: $0)) }
    }
    // Read when the sweep begins, and then for every size, or once for all runs of replicate 1.
    // The first task is still in memory when it is needed first.
    #expect(counts == [[2, 2], [3, 2]])
    for key in sample.plan.runKeys {
      #expect(found.results[key]?.measurement?.logLoss == expected[key]?.measurement?.logLoss)
    }
  }
}
