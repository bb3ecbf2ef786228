import TestSupport
import Testing

struct RecommendCommandTests {
  /// The advice changes exactly at the boundaries of the rules.
  @Test(
    arguments: [
      (1, "high", "feature-extraction", "small-high"),
      (999, "high", "feature-extraction", "small-high"),
      (999, "low", "fine-tuning", "small-other"),
      (1000, "high", "fine-tuning", "medium-any"), (1000, "low", "fine-tuning", "medium-any"),
      (10_000, "high", "fine-tuning", "medium-any"), (10_000, "low", "fine-tuning", "medium-any"),
      (10_001, "medium", "fine-tuning-all", "large-similar"),
      (10_001, "low", "fine-tuning-all", "large-low"),
      (100_000, "low", "fine-tuning-all", "large-low"),
      (100_001, "low", "from-scratch", "very-large-low"),
      (100_001, "high", "fine-tuning-all", "large-similar"),
      (Int.max, "low", "from-scratch", "very-large-low"),
    ])
  func boundaries(size: Int, similarity: String, strategy: String, rule: String) throws {
    let outcome = try Workspace().run("recommend", "--size", "\(size)", "--similarity", similarity)
    #expect(outcome.exitCode == 0)
    #expect(outcome.errors == "")
    #expect(outcome.output.hasPrefix("strategy        \(strategy)\n"))
    #expect(outcome.output.contains("rule            \(rule)\n"))
  }

  /// The advice of the rules for programs.
  @Test func json() throws {
    let outcome = try Workspace().run(
      "recommend", "--size", "500", "--similarity", "high", "--format", "json")
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.hasPrefix("{\n  \"format\": 1,\n  \"train_size\": 500,\n"))
    #expect(outcome.output.contains("\"rule\": \"small-high\""))
  }

  /// The layers to freeze are those of the requested architecture.
  @Test(arguments: [("simple", "block1_conv2"), ("deep", "stage1_block2_conv2")])
  func layerNames(architecture: String, layer: String) throws {
    let outcome = try Workspace().run(
      "recommend", "--size", "5000", "--similarity", "0.7", "--architecture", architecture)
    #expect(outcome.output.contains(layer))
  }
}
