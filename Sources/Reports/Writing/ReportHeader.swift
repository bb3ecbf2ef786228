package import Analysis
import Records

/// Short texts for people that are not tables.
package enum ReportHeader {
  /// What `tlbench recommend` prints: the strategy, the layers to freeze, the learning rates, and
  /// why.
  ///
  /// - Parameter layerNames: The names of the layers that the advice freezes in the architecture in
  ///   question, input first; if empty, only the groups are named.
  /// - Parameter layout: The terminal that the text is laid out for (default: a file).
  /// - Returns: Lines of at most 100 characters (longer names get their own line), ending in a
  ///   newline.
  package static func advice(
    _ advice: Advice, layerNames: [String], layout: TextLayout = .file
  ) -> String {
    lines(
      treatment(advice.arm, layerNames: layerNames) + [
        ("rule", advice.rule.id), ("reasoning", advice.reasoning),
      ], layout: layout)
  }

  /// How to apply a strategy: its name, the layers to freeze and the learning rates.
  static func treatment(_ arm: Arm, layerNames: [String]) -> [(String, String)] {
    // Imported tables do not contain the settings.
    guard !arm.isNameOnly else { return [("strategy", arm.name)] }
    guard !arm.isEnsemble else {
      return [
        ("strategy", arm.name),
        ("mean of", arm.members.map(\.name).joined(separator: ", ")),
      ]
    }
    return [
      ("strategy", arm.name),
      ("freeze", freezing(arm, layerNames: layerNames)),
      ("learning rates", rates(arm)),
    ]
  }

  /// The learning rates of a strategy by group of layers; empty if the head is solved,
  /// and for an ensemble.
  static func trainedRates(_ arm: Arm) -> [(group: LayerGroup, rate: Double)] {
    guard headSolver(arm) == nil, !arm.isEnsemble else { return [] }
    let techniques = arm.techniques
    return LayerGroup.allCases
      // With layer-wise decay only the head has the rate of a group.
      .filter { techniques.layerwiseDecay == nil || $0 == .head }
      .filter { !arm.frozenGroups.contains($0) }
      .map { ($0, arm.learningRates[$0] * techniques.rateFactor) }
  }

  /// The solver of a strategy's head; `nil` if the head is trained.
  static func headSolver(_ arm: Arm) -> String? {
    arm.strategy == .featureExtraction && arm.techniques.convergedHead ? "L-BFGS" : nil
  }

  private static func rates(_ arm: Arm) -> String {
    if let solver = headSolver(arm) { return "none: the head is solved by \(solver)" }
    var text = trainedRates(arm).map { "\($0.group.rawValue) \(NumberText.rate($0.rate))" }
      .joined(separator: ", ")
    if let decay = arm.techniques.layerwiseDecay {
      text += ", times \(NumberText.short(decay)) for every layer below it"
    }
    let factors = arm.techniques.rateFactors.map(NumberText.short)
    if !factors.isEmpty {
      text += ", all times the best of \(factors.joined(separator: ", ")) on held-out labels"
    }
    return text
  }

  /// Titles and texts in two columns.
  ///
  /// Commands that go on over several lines can be pasted into a shell.
  static func lines(_ entries: [(String, String)], layout: TextLayout = .file) -> String {
    entries.map { title, text in
      let width = max(20, layout.prose(100) - 16)
      let lines =
        text.hasPrefix("tlbench ")
        ? text.wrappedAsCommand(to: width) : text.wrapped(to: width)
      return lines.enumerated().map { index, line in
        "\((index == 0 ? title : "").padded(to: 16))\(line)\n"
      }.joined()
    }.joined()
  }

  private static func freezing(_ arm: Arm, layerNames: [String]) -> String {
    let groups = arm.frozenGroups.map(\.rawValue)
    let below = arm.frozenBelow.map { "everything below \($0)" }
    guard !groups.isEmpty else { return below ?? "nothing" }
    let text = groups.joined(separator: ", ") + " layers" + (below.map { " and \($0)" } ?? "")
    return layerNames.isEmpty ? text : "\(text): \(layerNames.joined(separator: ", "))"
  }
}
