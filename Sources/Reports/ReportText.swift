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
    let rates = LayerGroup.allCases
      .filter { !advice.frozenGroups.contains($0) }
      .map { "\($0.rawValue) \(NumberText.rate(advice.learningRates[$0]))" }
    let entries = [
      ("strategy", strategy(advice)),
      ("freeze", freezing(advice, layerNames: layerNames)),
      ("learning rates", rates.joined(separator: ", ")),
      ("rule", advice.rule.id),
      ("reasoning", advice.reasoning),
    ]
    return entries.map { title, text in
      let lines = text.wrapped(to: 84)
      return lines.enumerated().map { index, line in
        "\((index == 0 ? title : "").padded(to: 16))\(line)\n"
      }.joined()
    }.joined()
  }

  private static func strategy(_ advice: Advice) -> String {
    let (strategy, arm) = (advice.strategy.rawValue, advice.arm.name)
    return strategy == arm ? strategy : "\(strategy) (arm \(arm))"
  }

  private static func freezing(_ advice: Advice, layerNames: [String]) -> String {
    let groups = advice.frozenGroups.map(\.rawValue)
    guard !groups.isEmpty else { return "nothing" }
    let text = groups.joined(separator: ", ") + " layers"
    return layerNames.isEmpty ? text : "\(text): \(layerNames.joined(separator: ", "))"
  }
}
