import Analysis
import Records

extension SweepFinding {
  /// The finding in sentences, on one line.
  func text(margin: Double) -> String {
    let points = "\(NumberText.short(margin)) point\(margin == 1 ? "" : "s")"
    var sentences: [String] = []
    if let first = strategies.first, first.closeCount > 0 {
      let others = strategies.dropFirst().prefix(2).map { "\($0.arm.name) at \($0.closeCount)" }
      sentences.append(
        "\(first.arm.name) is within \(points) of the highest mean accuracy at "
          + "\(first.closeCount) of \(MatrixText.counted(placeCount, "place"))"
          + (others.isEmpty ? "." : ", \(others.joined(separator: " and "))."))
    }
    if let advice {
      sentences.append(
        "What the rules advise is that close at \(advice.closeCount) of \(advice.placeCount), and "
          + "\(NumberText.points(advice.meanLoss)) points below it on average.")
    }
    if guessingCount > 0 {
      sentences.append(
        "At \(MatrixText.counted(guessingCount, "further place")) no strategy is shown to be "
          + "better than guessing.")
    }
    return "Finding: " + sentences.joined(separator: " ")
  }
}
