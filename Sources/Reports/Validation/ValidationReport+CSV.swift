import Analysis
import Records

extension ValidationReport {
  /// A header, and one line per rule or claim and place.
  ///
  /// Fields without a value are empty; a field `shift` follows `similarity_value` if tasks have a
  /// kind of shift. The effect of a rule is its regret in points. Lines of the kind `comparison`
  /// have the compared strategies as `set`, a group of tasks as `id` (empty for all tasks), their
  /// difference in points as `effect`, and the number of tasks as `replicates`.
  func commaSeparated() -> String {
    let titles =
      ["kind", "set", "id", "similarity", "similarity_value"] + shiftField("shift") + [
        "train_size", "advised", "rival",
        "effect", "unit", "lower", "upper", "replicates", "cost_ratio", "verdict",
        "additional_replicates",
      ]
    var lines = [titles]
    for judgement in validation.rules {
      lines += judgement.cells.map { fields($0, of: judgement.set) }
    }
    for judgement in validation.claims { lines += judgement.cells.map(fields) }
    if let comparison {
      lines += comparison.differences.map { fields($0, of: comparison) }
    }
    return lines.map(CSVLine.text).joined()
  }

  private func fields(_ verdict: RuleVerdict, of set: RuleSet) -> [String] {
    let regret = verdict.regret
    var fields = ["rule", set.id, verdict.rule.id]
    fields += place(verdict.cell.similarity, verdict.cell.trainSize)
    fields += [verdict.rule.arm.name, regret?.rival.name ?? ""]
    fields += [number(regret?.points), ClaimUnit.points.rawValue]
    fields += ends(regret?.interval)
    fields += ["\(regret?.pairCount ?? 0)", number(verdict.costRatio), verdict.verdict.rawValue]
    fields.append(verdict.additionalReplicates.map { "\($0)" } ?? "")
    return fields
  }

  private func fields(_ verdict: ClaimVerdict) -> [String] {
    var fields = ["claim", "", verdict.claim.id]
    fields += place(verdict.similarity, verdict.trainSize)
    fields += ["", "", number(verdict.effect), verdict.claim.measure.unit.rawValue]
    fields += ends(verdict.interval)
    fields += ["\(verdict.replicates)", "", verdict.verdict.rawValue]
    fields.append(verdict.additionalReplicates.map { "\($0)" } ?? "")
    return fields
  }

  private func fields(_ difference: GroupDifference, of comparison: GroupComparison) -> [String] {
    var fields = ["comparison", comparison.title, difference.group ?? ""]
    fields += ["", ""] + shiftField("") + ["\(difference.trainSize)", "", ""]
    fields += [number(difference.points), ClaimUnit.points.rawValue]
    fields += ends(difference.interval)
    return fields + ["\(difference.taskCount)", "", "", ""]
  }

  private func place(_ similarity: Similarity?, _ trainSize: Int) -> [String] {
    [similarity?.label ?? "", number(similarity?.value)]
      + shiftField(similarity.map { Shift.word($0.shift) } ?? "") + ["\(trainSize)"]
  }

  /// A field that only reports on tasks with kinds of shift have.
  private func shiftField(_ text: String) -> [String] { hasShifts ? [text] : [] }

  private func ends(_ interval: ConfidenceInterval?) -> [String] {
    [number(interval?.lower), number(interval?.upper)]
  }

  private func number(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "" }
    return "\(NumberText.rounded(value))"
  }
}
