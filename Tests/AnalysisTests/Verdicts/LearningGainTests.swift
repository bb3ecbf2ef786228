import Analysis
import Records
import Testing

/// Gains from more labels, and advice for assumed similarities.
struct LearningGainTests {
  private let task = Similarity.task("mine")

  private func matrix() -> ResultsMatrix {
    ResultsMatrix(
      arms: [.featureExtraction, .fineTuning],
      cells: [
        SampleSweep.row(
          [.featureExtraction: [50, 60, 70], .fineTuning: [40, 50, 60]], similarity: task,
          trainSize: 100),
        SampleSweep.row(
          [.featureExtraction: [60, 70, 80], .fineTuning: [80, 90, 100]], similarity: task,
          trainSize: 400),
      ].map(\.cell), replicates: 3)
  }

  /// 10 points more for feature extraction, 40 for fine-tuning.
  @Test func gains() throws {
    let rows = LearningGain.all(in: matrix(), similarity: task)
    #expect(rows.count == 1)
    #expect(rows[0].map(\.more) == [400, 400])
    #expect(abs(try #require(rows[0][0].differences.mean) - 10) < 1e-9)
    #expect(abs(try #require(rows[0][1].differences.mean) - 40) < 1e-9)
  }

  /// Below 1,000 examples the table advises feature extraction at high similarity, where it leads
  /// by 10 points here, and fine-tuning otherwise, which is as far behind.
  @Test func advice() throws {
    let advice = AssumedAdvice.all(in: matrix().cells[0])
    #expect(advice.map(\.level) == [.low, .medium, .high])
    #expect(
      advice.map(\.judgement.rule.arm.name)
        == ["fine-tuning", "fine-tuning", "feature-extraction"])
    #expect(advice.map(\.judgement.verdict) == [.refuted, .refuted, .supported])
  }
}
