import Analysis
import Records

extension MatrixReport {
  /// A header, and one line per run of the plan, in its order.
  ///
  /// RFC 4180, but with newlines alone. Fields without a value are empty. If tasks have a kind of
  /// shift, a field `shift` follows `similarity_value`.
  func commaSeparated() -> String {
    let titles =
      ["similarity", "similarity_value"] + shiftField("shift") + [
        "train_size", "strategy", "family", "replicate", "status",
        "accuracy", "log_loss", "train_accuracy", "wall_seconds", "cpu_seconds", "flops",
        "peak_bytes", "trainable_parameters", "total_parameters", "epochs", "rule", "advised",
        "best", "verdict", "failure",
      ]
    var lines = [titles]
    for row in rows {
      for summary in row.arms {
        for replicate in 0..<summary.plannedCount {
          let key = RunKey(
            similarity: row.similarity, trainSize: row.trainSize, arm: summary.arm,
            replicate: replicate)
          lines.append(fields(of: key, in: row))
        }
      }
    }
    return lines.map(CSVLine.text).joined()
  }

  /// A field that only results with kinds of shift have.
  private func shiftField(_ text: String) -> [String] { results.plan.hasShifts ? [text] : [] }

  private func fields(of key: RunKey, in row: RowVerdict) -> [String] {
    let result = results[key]
    var status = "missing"
    var figures = Array(repeating: "", count: 10)
    var failure = ""
    switch result?.outcome {
    case .completed(let measurement):
      status = "completed"
      figures = [
        "\(measurement.accuracy)", "\(measurement.logLoss)", "\(measurement.trainAccuracy)",
        "\(measurement.wallSeconds)", "\(measurement.cpuSeconds)", "\(measurement.flops)",
        "\(measurement.peakBytes)", "\(measurement.trainableParameters)",
        "\(measurement.totalParameters)", "\(measurement.epochs)",
      ]
    case .failed(let reason):
      status = "failed"
      failure = reason
    case nil: break
    }
    let coordinates =
      [key.similarity.label, "\(key.similarity.value ?? .nan)"]
      + shiftField(Shift.word(key.similarity.shift)) + [
        "\(key.trainSize)", key.arm.name, key.arm.strategy.rawValue, "\(key.replicate)", status,
      ]
    let judgement = [
      row.advice?.rule.id ?? "", key.arm == row.advised?.arm ? "yes" : "no",
      key.arm == row.best?.arm ? "yes" : "no", row.verdict.rawValue, failure,
    ]
    return coordinates + figures + judgement
  }
}
