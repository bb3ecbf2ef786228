import Analysis
import ArgumentParser
import NeuralNetwork
import Records
import Reports
import Tensors
import Transfer

struct RecommendCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recommend",
    abstract: "Say what the rules under test advise for a dataset size and a similarity.",
    discussion: """
      The advice is that of the folk rules; a sweep measures whether it is right.

      Example: tlbench recommend --size 500 --similarity high
      """)

  @Option(parsing: .unconditional, help: "Number of labelled training examples.")
  var size: Int

  @Option(
    parsing: .unconditional,
    help: "Similarity of source and target task: low, medium, high or a number in 0...1.")
  var similarity: String

  @Option(help: "Architecture whose layers to name: simple, medium or deep.")
  var architecture = "medium"

  func run() throws {
    let similarity = try OptionValues.similarity(similarity)
    let architecture = try OptionValues.architecture(architecture)
    let advice = try Advisor.recommend(datasetSize: size, similarity: similarity.level)
    // The names do not depend on the size of the images.
    let graph = try architecture.graph(
      inputShape: ImageShape(height: 32, width: 32, channels: 3), classes: 10)
    print(
      ReportText.advice(advice, layerNames: graph.parameterLayers(in: advice.frozenGroups)),
      terminator: "")
  }
}
