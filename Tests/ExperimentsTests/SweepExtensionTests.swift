import Experiments
import Records
import Results
import TestSupport
import Testing

/// Results that are extended by further runs.
struct SweepExtensionTests {
  /// Completed results, and the sample for a larger plan with the same output.
  private func extended() throws -> Sample {
    var sample = try Sample(replicates: 1)
    sample.plan.trainSizes = [20]
    #expect(try sample.session().run().isComplete)
    sample.plan.trainSizes = [10, 20]
    sample.plan.replicates = 2
    sample.plan.arms = [.featureExtraction, .linearProbe]
    return sample
  }

  /// Only the new runs are carried out, and the results are those of the larger plan at one time.
  @Test func addsRuns() throws {
    let sample = try extended()
    let observer = Recorder()
    let outcome = try sample.session(observer: observer, extends: true).run()
    #expect(outcome.isComplete)
    #expect(observer.ended == 7)
    #expect(observer.notes.contains { $0.hasSuffix("1 of 8 runs are kept") })
    var whole = try Sample(replicates: 2)
    whole.plan.arms = sample.plan.arms
    let expected = try whole.session().run().results
    #expect(ResultsFile.digest(of: outcome.results) == ResultsFile.digest(of: expected))
    #expect(try sample.folder.names() == ["sweep.h5"])
  }

  /// An extension that was interrupted goes on, with or without the setting.
  @Test(arguments: [true, false])
  func resumes(extends: Bool) throws {
    var sample = try extended()
    sample.plan.replicates = 10
    let first = Recorder(limit: 2)
    #expect(try !sample.session(observer: first, extends: true).run().isComplete)
    let second = Recorder()
    #expect(try sample.session(observer: second, extends: extends).run().isComplete)
    #expect(first.ended + second.ended == 39)
  }

  /// A plan that lacks a run of the results, or differs in something else, is refused, and the
  /// results stay as they are.
  @Test func refusals() throws {
    var sample = try extended()
    let before = ResultsFile.digest(of: try ResultsFile.read(sample.output))
    sample.plan.trainSizes = [10]
    let lacking = #expect(throws: Failure.self) { try sample.session(extends: true).run() }
    #expect(lacking?.kind == .usage)
    #expect(lacking?.reason.contains("high n=20 linear-probe r0") == true)
    sample.plan.trainSizes = [20]
    sample.plan.folds = 2
    let other = #expect(throws: Failure.self) { try sample.session(extends: true).run() }
    #expect(other?.kind == .badData)
    #expect(other?.reason.contains("`folds` (none there, 2 here)") == true)
    #expect(try sample.folder.names() == ["sweep.h5"])
    #expect(ResultsFile.digest(of: try ResultsFile.read(sample.output)) == before)
  }

  /// A strategy or a similarity that has the name of one of the results, but other settings, is
  /// refused by what differs.
  @Test func otherSettings() throws {
    let sample = try extended()
    var smoothed = sample
    smoothed.plan.arms[1].techniques.labelSmoothing = 0.1
    let strategy = #expect(throws: Failure.self) { try smoothed.session(extends: true).run() }
    #expect(strategy?.kind == .badData)
    #expect(strategy?.reason == "they differ in label-smoothing (0 there, 0.1 here)")
    var closer = sample
    closer.plan.similarities = [.task("high", value: 0.9)]
    let similarity = #expect(throws: Failure.self) { try closer.session(extends: true).run() }
    #expect(similarity?.kind == .badData)
    #expect(similarity?.reason == "they differ in similarity value (1 there, 0.9 here)")
  }

  /// Without existing results an extension is a sweep like any other.
  @Test func nothingToExtend() throws {
    let sample = try Sample()
    #expect(try sample.session(extends: true).run().isComplete)
    #expect(try sample.folder.names() == ["sweep.h5"])
  }
}
