package import Analysis
import Records

/// Short texts for people that are not tables.
package enum ReportText {
  /// What `tlbench recommend` prints: the strategy, the layers to freeze, the rates, and why.
  ///
  /// - Parameter layerNames: The names of the layers that the advice freezes in the architecture
  ///   in question, input first; with none, only the groups are named.
  /// - Returns: Lines of at most 100 characters (longer names stand alone), ending in a newline.
  package static func advice(_ advice: Advice, layerNames: [String]) -> String {
    lines(
      treatment(advice.arm, layerNames: layerNames) + [
        ("rule", advice.rule.id), ("reasoning", advice.reasoning),
      ])
  }

  /// What to do with an arm: the strategy, the layers to freeze and the rates.
  static func treatment(_ arm: Arm, layerNames: [String]) -> [(String, String)] {
    // A table that was imported says nothing of the settings.
    guard arm.learningRates != .uniform(0) else { return [("strategy", arm.name)] }
    let rates = LayerGroup.allCases
      .filter { !arm.frozenGroups.contains($0) }
      .map { "\($0.rawValue) \(NumberText.rate(arm.learningRates[$0]))" }
    return [
      ("strategy", strategy(arm)),
      ("freeze", freezing(arm, layerNames: layerNames)),
      ("learning rates", rates.joined(separator: ", ")),
    ]
  }

  /// Titles and texts in two columns.
  static func lines(_ entries: [(String, String)]) -> String {
    entries.map { title, text in
      let lines = text.wrapped(to: 84)
      return lines.enumerated().map { index, line in
        "\((index == 0 ? title : "").padded(to: 16))\(line)\n"
      }.joined()
    }.joined()
  }

  private static func strategy(_ arm: Arm) -> String {
    let strategy = arm.strategy.rawValue
    return strategy == arm.name ? strategy : "\(strategy) (arm \(arm.name))"
  }

  private static func freezing(_ arm: Arm, layerNames: [String]) -> String {
    let groups = arm.frozenGroups.map(\.rawValue)
    guard !groups.isEmpty else { return "nothing" }
    let text = groups.joined(separator: ", ") + " layers"
    return layerNames.isEmpty ? text : "\(text): \(layerNames.joined(separator: ", "))"
  }
}
