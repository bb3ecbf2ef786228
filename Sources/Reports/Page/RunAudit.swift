import Analysis
import Records

/// Whether the runs of a file can be trusted: how many completed, and what the freeze audit found.
struct RunAudit {
  private let results: SweepResults
  /// Of every run that completed.
  private let audits: [FreezeRecord]
  /// The runs with frozen tensors, and those of them whose tensors are unchanged.
  private let frozen: (all: Int, unchanged: Int)

  init(_ results: SweepResults) {
    self.results = results
    audits = results.outcomes.compactMap { $0?.measurement?.audit }
    let digested = audits.filter { !$0.frozenDigestBefore.isEmpty }
    frozen = (
      digested.count, digested.count { $0.frozenDigestBefore == $0.frozenDigestAfter }
    )
  }

  private var completedCount: Int { audits.count }

  private var failedCount: Int { results.failures.count }

  private var missingCount: Int {
    results.plan.isImported ? results.missingAtMeasuredPlaces : results.missingCount
  }

  /// What is missing, as a sentence; empty for complete results.
  var warning: String {
    var parts: [String] = []
    if missingCount > 0 {
      parts.append(
        "\(FigureText.counted(missingCount, "run")) \(missingCount == 1 ? "is" : "are") missing")
    }
    if failedCount > 0 { parts.append("\(FigureText.counted(failedCount, "run")) failed") }
    guard !parts.isEmpty else { return "" }
    let total = FigureText.grouped(completedCount + missingCount + failedCount)
    let limit = results.provenance.budgetSeconds.map {
      "The time limit of \(Quantity.seconds($0)) was reached. "
    }
    return "These results are not complete: \(FigureText.list(parts)), of \(total). "
      + (limit ?? "")
      + "Everything below is of the runs that completed."
  }

  var card: PageCard {
    let total = completedCount + missingCount + failedCount
    var text = "completed"
    if missingCount + failedCount > 0 {
      text +=
        "; \(FigureText.word(failedCount)) failed and \(FigureText.word(missingCount)) "
        + "\(missingCount == 1 ? "is" : "are") missing"
    } else {
      text += ": no run failed, and none is missing"
    }
    if frozen.all > 0 {
      text +=
        frozen.all == frozen.unchanged
        ? ". The freeze audit passed: every tensor that was to stay frozen is the same bit for bit."
        : ". The freeze audit FAILED in \(FigureText.grouped(frozen.all - frozen.unchanged)) of "
          + "them."
    } else {
      text += "."
    }
    return PageCard(
      number: "\(FigureText.grouped(completedCount)) of \(FigureText.counted(total, "run"))",
      text: text)
  }

  /// The section with every check, and the reasons of failed runs.
  var section: PageSection {
    let loaded = audits.filter { $0.backboneTensors > 0 }
    let whole = loaded.count { $0.loadedTensors == $0.backboneTensors }
    let some = loaded.count { $0.loadedTensors > 0 && $0.loadedTensors < $0.backboneTensors }
    var rows = [
      ("runs completed", completedCount), ("runs failed", failedCount),
      ("runs missing", missingCount),
    ]
    if !loaded.isEmpty {
      rows += [
        ("runs with frozen tensors", frozen.all),
        ("of them unchanged bit for bit", frozen.unchanged),
        ("runs with the whole backbone loaded", whole),
        ("runs with a part of it loaded", some),
        ("runs from random weights", loaded.count - whole - some),
      ]
    }
    let failed = frozen.all - frozen.unchanged
    let good =
      "Every run completed" + (frozen.all > 0 ? ", and what was frozen stayed as it was" : "")
    var bad: [String] = []
    if failedCount > 0 { bad.append("\(FigureText.counted(failedCount, "run")) failed") }
    if missingCount > 0 { bad.append("\(FigureText.counted(missingCount, "run")) missing") }
    if failed > 0 { bad.append("\(FigureText.counted(failed, "freeze audit")) failed") }
    return PageSection(
      id: "audit", question: "Can the runs be trusted?",
      title: bad.isEmpty ? good : FigureText.list(bad),
      blocks: [
        .markup(
          SimpleTable(["check", "runs#"], rows.map { [$0, FigureText.grouped($1)] }).markup),
        .markup(failures),
      ])
  }

  /// The reasons of the first failed runs.
  private var failures: Markup {
    let failures = results.failures
    guard !failures.isEmpty else { return .empty }
    let items = failures.prefix(20).map { failure -> Markup in
      guard case .failed(let reason) = failure.outcome else { return .empty }
      let line = reason.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
      return Markup.element(
        "li", [:],
        Markup.element("code", [:], Markup.text("\(failure.key)")) + Markup.text(": \(line)"))
    }
    let more = failures.count > 20 ? "and \(FigureText.grouped(failures.count - 20)) more" : ""
    return Markup.element("h3", [:], "Failed runs") + Markup.element("ul", [:], Markup(items))
      + (more.isEmpty ? .empty : Markup.element("p", ["class": "dim"], Markup.text(more)))
  }
}
