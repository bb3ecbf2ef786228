import Records
import Results
import Testing

/// Arms of one replicate differ in what they train and in nothing else.
struct PairedDesignTests {
  /// Fine-tuning that trains the head alone throughout is feature extraction: the same examples in
  /// the same order give the same figures, although the arm has another name.
  @Test func sameSeed() throws {
    let workspace = try Workspace()
    try workspace.addWeights()
    try workspace.addTask()
    let outcome = try workspace.run(
      Workspace.sweep(
        "--strategies", "feature-extraction,fine-tuning", "--head-first", "1", "--sizes", "40"))
    #expect(outcome.exitCode == 0)
    let results = try ResultsFile.read(workspace.path("sweep.h5"))
    let measurements = results.plan.runKeys.compactMap { results[$0]?.measurement }
    try #require(measurements.count == 2)
    #expect(measurements[0].logLoss == measurements[1].logLoss)
    #expect(measurements[0].history.map(\.loss) == measurements[1].history.map(\.loss))
  }
}
