import Analysis
import Records
import Reports
import Testing

struct DepthReportTests {
  private func report(of similarities: [Similarity] = [.high, .low]) -> DepthReport {
    let plan = SweepPlan(
      architecture: "medium", similarities: similarities, trainSizes: [1_000],
      arms: Arm.depthTreatments, depths: [0, 1, 2, 3], replicates: 2, weightsDigest: "c0ffee")
    let cells = plan.runKeys.map { key -> RunResult in
      let depth = Double(key.depth ?? 0)
      let slope = key.similarity == .high ? 0.2 : -0.03
      let accuracy = 0.2 + slope * depth + 0.01 * Double(key.replicate)
      if key.arm == .selfTuned, depth == 2, key.similarity == .low {
        return RunResult(key: key, outcome: .failed(reason: "the loss is not finite"))
      }
      return RunResult(
        key: key,
        outcome: .completed(
          Measurement(
            accuracy: accuracy, logLoss: 1, trainAccuracy: 1, wallSeconds: 4 - depth,
            cpuSeconds: 4 - depth, flops: 1, peakBytes: 1, trainableParameters: 1,
            totalParameters: 2, epochs: 1, history: [])))
    }
    let results = SweepResults(
      plan: plan,
      provenance: Provenance(
        toolVersion: "", commandLine: "", processor: "", libraries: [], finishedAt: "", jobs: 1,
        wallSeconds: 1, taskDigests: [:]),
      cells: cells)
    return DepthReport(
      results: results, curves: DepthCurve.all(of: results), claims: DepthClaim.all(of: results))
  }

  /// The curves in every format.
  @Test(arguments: TableFormat.allCases)
  func formats(format: TableFormat) throws {
    try expectSnapshot(report().text(format), "depth.\(format.rawValue).txt")
  }

  /// Names with commas, quotes, bars and line breaks stay one field.
  @Test func specialCharacters() throws {
    let report = report(of: [.task("cats, \"dogs\" | or\nbirds", value: 0.9), .low])
    let row = try #require(report.text(.csv).split(separator: "\n").first { $0.hasPrefix("\"c") })
    #expect(row == "\"cats, \"\"dogs\"\" | or")
    #expect(report.text(.markdown).contains("| cats, \"dogs\" \\| or birds | 1000 | 0 |"))
  }

  /// The terminal's lines fit into 120 columns.
  @Test func width() {
    let lines = report().text(.table).split(separator: "\n")
    #expect(lines.prefix { !$0.hasPrefix("depth:") }.allSatisfy { $0.count <= 120 })
  }
}
