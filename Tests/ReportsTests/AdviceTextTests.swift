import Analysis
import Records
import Reports
import Testing

@Suite struct AdviceTextTests {
  /// The advice for every rule, with the layers it freezes.
  @Test(arguments: [
    (500, Similarity.Level.high, "small-high"), (500, .low, "small-other"),
    (1_000, .medium, "medium-any"), (50_000, .high, "large-similar"), (50_000, .low, "large-low"),
    (200_000, .low, "very-large-low"),
  ])
  func everyRule(size: Int, similarity: Similarity.Level, name: String) throws {
    let advice = try Advisor.recommend(datasetSize: size, similarity: similarity)
    let names = advice.frozenGroups.flatMap { group in
      ["conv1", "bn1", "conv2", "bn2"].map { "\(group.rawValue)/\($0)" }
    }
    try expectSnapshot(
      ReportHeader.advice(advice, layerNames: names), "advice-\(name).txt")
  }

  /// Without layer names only the groups are named.
  @Test func withoutLayerNames() throws {
    let advice = try Advisor.recommend(datasetSize: 1_000, similarity: .high)
    let text = ReportHeader.advice(advice, layerNames: [])
    #expect(text.contains("\nfreeze          early layers\n"))
  }
}
