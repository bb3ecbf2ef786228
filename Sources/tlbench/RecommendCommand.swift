import Analysis
import ArgumentParser
import NeuralNetwork
import Records
import Reports
import Results
import Tensors
import Transfer

struct RecommendCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recommend",
    abstract: "Advise a strategy for a dataset size and a similarity, by rules or measurements.",
    discussion: """
      Without --results the advice is that of the folk rules. With them it is what the \
      measurements say: the accuracy and cost that every strategy is expected to have, how probably \
      it is the best, and at which sizes the choice changes. Where they do not tell, the answer is \
      'undecided' with the sweep that would; outside of the measured range it is extrapolated, and \
      says so. Several results of one network are joined: give --results for each.

      --prefer accuracy: the most accurate strategy. balanced: the cheapest that loses at most \
      --margin points to the best. cheap: the cheapest that loses at most five margins. Each with \
      the probability --confidence, or else 'undecided'. Where all lose at most that, the cheapest.

      With --similarity unknown the task is taken for one like those that were measured, each \
      similarity being equally likely.

      Example: tlbench recommend --size 500 --similarity high
      """)

  @Option(parsing: .unconditional, help: "Number of labelled training examples.")
  var size: Int

  @Option(
    parsing: .unconditional,
    help: """
      Similarity of source and target task: low, medium, high or a number in 0...1; with \
      --results also unknown.
      """)
  var similarity: String

  @Option(
    help: "Results of a sweep, of a comparison, or of an imported table, to advise by; repeatable.")
  var results: [String] = []

  @Option(help: "What matters most: accuracy, balanced or cheap.")
  var prefer: String?

  @Option(parsing: .unconditional, help: "Points of accuracy that count as nothing; 1 by default.")
  var margin: Double?

  @Option(parsing: .unconditional, help: "Probability that advice has to reach; 0.95 by default.")
  var confidence: Double?

  @Option(help: "Architecture whose layers to name: simple, medium or deep.")
  var architecture = "medium"

  @Option(help: "How to print the advice: text or json.")
  var format = AdviceFormat.text.rawValue

  func run() throws {
    let format = try OptionValues.adviceFormat(format)
    let architecture = try OptionValues.architecture(architecture)
    guard !results.isEmpty else { return try adviseByRules(architecture, format) }
    let similarity = similarity == "unknown" ? nil : try OptionValues.similarity(similarity)
    let criteria = try OptionValues.adviceCriteria(
      preference: prefer ?? Preference.accuracy.rawValue, margin: margin ?? 1,
      confidence: confidence ?? 0.95)
    let files: [(file: String, results: SweepResults)] = try results.map {
      ($0, try ResultsFile.read($0, by: .guarded))
    }
    let (plan, provenance) = (files[0].results.plan, files[0].results.provenance)
    // Splits of a labelled set are measured again by 'compare', with its own files.
    let isSweep = !plan.isImported && plan.splitRatio == nil
    let advice = try MeasuredAdvisor(
      ResultsMatrix(joining: files), architecture: isSweep ? plan.architecture : nil,
      options: SweepOptions.ofTasks(in: provenance.commandLine)
        + " --output \(ResumeCommand.quoted(furtherOutput))"
    ).advise(trainSize: size, similarity: similarity, criteria: criteria)
    let text = MeasuredAdviceText(advice, followUp: followUp) {
      Self.layerNames(of: $0, in: architecture)
    }
    print(format == .text ? text.text() : text.json(), terminator: "")
  }

  /// The same question with the results of the sweep that is suggested.
  private var followUp: String {
    var words = ["tlbench", "recommend", "--size", "\(size)", "--similarity", similarity]
    for file in results + [furtherOutput] { words += ["--results", file] }
    if let prefer { words += ["--prefer", prefer] }
    if let margin { words += ["--margin", "\(margin)"] }
    if let confidence { words += ["--confidence", "\(confidence)"] }
    return words.map(ResumeCommand.quoted).joined(separator: " ")
  }

  /// A file for further results that does not exist yet.
  private var furtherOutput: String {
    let names = (1...).lazy.map { $0 == 1 ? "Results/more.h5" : "Results/more-\($0).h5" }
    return names.first { !OutputFile.exists($0) } ?? "Results/more.h5"
  }

  private func adviseByRules(_ architecture: Architecture, _ format: AdviceFormat) throws {
    for (option, isGiven) in [
      ("--prefer", prefer != nil), ("--margin", margin != nil), ("--confidence", confidence != nil),
    ] where isGiven {
      throw OptionValues.refused(
        option, "the rules know nothing of it", "Give measurements with --results as well.")
    }
    let similarity = try OptionValues.similarity(similarity)
    let advice = try Advisor.recommend(datasetSize: size, similarity: similarity.level)
    let names = Self.layerNames(of: advice.arm, in: architecture)
    print(
      format == .text
        ? ReportText.advice(advice, layerNames: names)
        : ReportText.adviceJSON(advice, layerNames: names), terminator: "")
  }

  private static func layerNames(of arm: Arm, in architecture: Architecture) -> [String] {
    // The names do not depend on the size of the images.
    let graph = try? architecture.graph(
      inputShape: ImageShape(height: 32, width: 32, channels: 3), classes: 10)
    return graph?.parameterLayers(in: arm.frozenGroups) ?? []
  }
}

/// How advice is printed.
enum AdviceFormat: String, CaseIterable {
  case text, json
}
