import Analysis
import ArgumentParser
import HDF5
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
      Without --results the folk rules give the advice. With --results the measurements do: the \
      expected accuracy and cost of every strategy, the probability that it is the best, and the \
      sizes at which the choice changes. If the measurements are inconclusive, the answer is \
      'undecided' with the sweep that would decide; outside the measured range it is extrapolated \
      and marked as such. Several results of one network are joined: give --results for each.

      --prefer accuracy: the most accurate strategy. balanced: the cheapest within --margin points \
      of the best. cheap: the cheapest within five margins. Each must hold with the probability \
      --confidence; otherwise the answer is 'undecided'. If all strategies are within the margin, \
      the cheapest is advised.

      Results of tasks with kinds of shift are used one kind at a time: those of --shift, or of \
      the kind in --similarity.

      With --similarity unknown, the task is assumed to be like the measured ones, each of their \
      similarities being equally likely.

      Example: tlbench recommend --size 500 --similarity high
      """)

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Number of labelled training examples.", valueName: "count"))
  var size: Int

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Similarity of source and target task: low, medium, high or a number in 0...1; with \
      --results also unknown.
      """, valueName: "level or number"),
    completion: .list(Similarity.Level.allCases.map(\.rawValue) + ["unknown"]))
  var similarity: String

  @Option(
    help: ArgumentHelp(
      "With --results, the kind of shift of the task (default: all).", valueName: "kind"))
  var shift: Choice<ShiftChoice>?

  @Option(
    help: ArgumentHelp(
      """
      Measurements to base the advice on: results of a sweep, of a comparison or of an imported \
      table; may be repeated.
      """, valueName: "path"),
    completion: .file(extensions: ["h5"]))
  var results: [String] = []

  @Option(
    help: ArgumentHelp(
      "What matters most (default: \(Preference.accuracy.rawValue)).", valueName: "preference"))
  var prefer: Choice<Preference>?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Accuracy differences up to this many points are ignored (default: 1).",
      valueName: "points"))
  var margin: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Confidence required before giving advice (default: 0.95).", valueName: "probability"))
  var confidence: Double?

  @Option(
    help: ArgumentHelp("Architecture whose layers are named in the advice.", valueName: "name"))
  var architecture = Choice(Architecture.medium)

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Format of the advice.", valueName: "name"))
  var format = Choice(AdviceFormat.text)

  @Flag(
    name: .shortAndLong,
    help: "With --results: compare the models that predict between the measured places.")
  var verbose = false

  func validate() throws {
    guard !verbose || (format == Choice(.text) && !results.isEmpty) else {
      throw OptionValues.refused(
        "--verbose", "it compares models of measurements, in text", "Give it with --results.")
    }
    guard size >= 1 else {
      throw OptionValues.refused(
        "--size", "\(size) is no number of examples, which is at least 1", "Example: --size 500")
    }
  }

  func run() throws {
    let format = try format.value(of: "--format")
    let architecture = try architecture.value(of: "--architecture")
    guard !results.isEmpty else { return try adviseByRules(architecture, format) }
    let (similarity, shift) = try task()
    let criteria = try OptionValues.adviceCriteria(
      preference: try prefer?.value(of: "--prefer") ?? .accuracy, margin: margin ?? 1,
      confidence: confidence ?? 0.95)
    let files: [(file: String, results: SweepResults)] = try results.map {
      ($0, try ResultsInput.read($0))
    }
    let (plan, provenance) = (files[0].results.plan, files[0].results.provenance)
    // 'compare' repeats the splits of a labelled set, with its own files; a sweep cannot.
    let isSweep = !plan.isImported && plan.splitRatio == nil
    let matrix = try ResultsMatrix(joining: files)
    try require(shift, in: matrix, plan)
    let advice = try MeasuredAdvisor(
      matrix.keeping(shift: shift), architecture: isSweep ? plan.architecture : nil,
      options: [
        SweepOptions.ofTasks(in: provenance.commandLine),
        "--output \(ResumeHint.quoted(furtherOutput))",
      ].filter { !$0.isEmpty }.joined(separator: " ")
    ).advise(trainSize: size, similarity: similarity, criteria: criteria)
    let text = MeasuredAdviceReport(advice, followUp: followUp) {
      Self.layerNames(of: $0, in: architecture)
    }
    StandardOutput.write(
      format == .text ? text.text(layout: StandardOutput.layout(isVerbose: verbose)) : text.json())
  }

  /// The similarity of the task, `nil` if it is not known, and its kind of shift.
  private func task() throws -> (similarity: Similarity?, shift: Shift?) {
    let kind = try shift?.value(of: "--shift")
    guard similarity != "unknown" else { return (nil, kind?.shift) }
    let own = try OptionValues.similarity(similarity)
    guard let kind, kind.shift != own.shift else { return (own, own.shift) }
    guard own.shift == nil else {
      throw OptionValues.refused(
        "--shift", "the similarity '\(own.label)' has another kind",
        "Leave out --shift, or give a similarity without a kind.")
    }
    return (own.with(kind.shift), kind.shift)
  }

  /// Throws if the results have no task of a kind of shift.
  private func require(_ shift: Shift?, in matrix: ResultsMatrix, _ plan: SweepPlan) throws {
    let kinds = matrix.shifts
    guard !kinds.contains(shift), !matrix.cells.isEmpty else { return }
    let isSynthetic = !plan.isImported && plan.splitRatio == nil
    let words = kinds.map { ShiftChoice($0).rawValue }
    throw OptionValues.refused(
      "--shift",
      isSynthetic
        ? "the results have tasks of the kind \(words.joined(separator: ", ")), not "
          + ShiftChoice(shift).rawValue
        : "kinds of shift are known of synthetic tasks only",
      isSynthetic
        ? "Give --shift \(words.first ?? ""), or measure with 'tlbench sweep --shift "
          + "\(ShiftChoice(shift).rawValue)'."
        : "Leave it out.")
  }

  /// The command that asks again with the results of the suggested sweep.
  private var followUp: String {
    var words = ["tlbench", "recommend", "--size", "\(size)", "--similarity", similarity]
    if let shift { words += ["--shift", shift.name] }
    for file in results + [furtherOutput] { words += ["--results", file] }
    if let prefer { words += ["--prefer", prefer.name] }
    if let margin { words += ["--margin", "\(margin)"] }
    if let confidence { words += ["--confidence", "\(confidence)"] }
    if architecture != Choice(.medium) { words += ["--architecture", architecture.name] }
    return ResumeHint.command(words)
  }

  /// A file for further results that does not exist yet.
  private var furtherOutput: String {
    let names = (1...).lazy.map { $0 == 1 ? "Results/more.h5" : "Results/more-\($0).h5" }
    return names.first { !OutputCheck.exists($0) } ?? "Results/more.h5"
  }

  private func adviseByRules(_ architecture: Architecture, _ format: AdviceFormat) throws {
    for (option, isGiven) in [
      ("--shift", shift != nil), ("--prefer", prefer != nil), ("--margin", margin != nil),
      ("--confidence", confidence != nil),
    ] where isGiven {
      throw OptionValues.refused(
        option, "the folk rules do not use it", "Give measurements with --results as well.")
    }
    let similarity = try OptionValues.similarity(similarity)
    guard similarity.shift == nil else {
      throw OptionValues.refused(
        "--similarity", "the folk rules know no kinds of shift",
        "Give measurements with --results as well, or a similarity without a kind.")
    }
    let level = similarity.level ?? .medium
    let advice = try Advisor.recommend(datasetSize: size, similarity: level)
    let names = Self.layerNames(of: advice.arm, in: architecture)
    StandardOutput.write(
      format == .text
        ? ReportHeader.advice(advice, layerNames: names, layout: StandardOutput.layout())
        : ReportHeader.adviceJSON(advice, layerNames: names))
  }

  private static func layerNames(of arm: Arm, in architecture: Architecture) -> [String] {
    // The names do not depend on the size of the images.
    let graph = try? architecture.graph(
      inputShape: ImageShape(height: 32, width: 32, channels: 3), classes: 10)
    return graph?.parameterLayers(in: arm.frozenGroups) ?? []
  }
}

/// The formats in which advice is printed.
enum AdviceFormat: String, CaseIterable {
  case text, json
}
