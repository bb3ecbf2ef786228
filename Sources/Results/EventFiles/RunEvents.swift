package import Records

/// What TensorBoard shows of a run: its folder, its hyperparameters and its history.
package struct RunEvents: Sendable {
  /// The names of the run's folder and of those that it is in, the outermost first.
  private let parts: [String]
  private let hyperparameters: [String: EventFile.Hyperparameter]
  private let measurement: Measurement
  private let isTested: Bool

  /// - Parameters:
  ///   - architecture: the name of the network.
  ///   - isTested: whether the measurement has a test set of its own (default: it has).
  package init(
    _ key: RunKey, architecture: String, measurement: Measurement, isTested: Bool = true
  ) {
    self.measurement = measurement
    self.isTested = isTested
    parts =
      [key.similarity.label, "n=\(key.trainSize)", key.arm.name]
      + (key.depth.map { ["depth=\($0)"] } ?? []) + ["r\(key.replicate)"]
    let rates = key.arm.learningRates
    var values: [String: EventFile.Hyperparameter] = [
      "architecture": .text(architecture), "task": .text(key.similarity.label),
      "train_size": .number(Double(key.trainSize)), "strategy": .text(key.arm.name),
      "family": .text(key.arm.strategy.rawValue), "replicate": .number(Double(key.replicate)),
      "rate/early": .number(rates.early), "rate/middle": .number(rates.middle),
      "rate/late": .number(rates.late), "rate/head": .number(rates.head),
    ]
    if let value = key.similarity.value { values["similarity"] = .number(value) }
    if let depth = key.depth { values["depth"] = .number(Double(depth)) }
    hyperparameters = values
  }

  /// The run's folder within TensorBoard's, such as `high/n=100/linear-probe/r0`.
  ///
  /// Characters that are neither letters nor digits, nor one of `-_=+,.`, are written as `%` with
  /// two hexadecimal digits for each byte, and so is a dot at the beginning of a name.
  package var folder: String { parts.map(Self.safeName).joined(separator: "/") }

  private static func safeName(_ text: String) -> String {
    var name = ""
    for character in text {
      let isPlain = character.isLetter || character.isNumber || "-_=+,.".contains(character)
      if isPlain, !(name.isEmpty && character == ".") {
        name.append(character)
      } else {
        for byte in character.utf8 {
          name += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
      }
    }
    // Names of files have at most 255 bytes.
    guard name.utf8.count > 200 else { return name.isEmpty ? "%" : name }
    var digest = ContentDigest()
    digest.update(text)
    return "\(name.prefix(40))%\(digest.hexadecimal().prefix(16))"
  }

  /// The event file.
  ///
  /// Steps are epochs. After every epoch there are `train/loss` (nats), `train/accuracy` and
  /// `train/head_rate`, and `validation/loss` and `validation/accuracy` if examples are held out;
  /// at the end `test/accuracy` and `test/log_loss`, and `cost/cpu_seconds`, `cost/flops` and
  /// `cost/peak_bytes`. Accuracies are fractions, and all numbers have single precision.
  ///
  /// - Parameter start: when the run began, in seconds since 1970.
  func bytes(from start: Double) -> [UInt8] {
    var file = EventFile(at: start)
    file.append(hyperparameters, at: start)
    var time = start
    for (index, epoch) in measurement.history.enumerated() {
      time += epoch.seconds
      let scalars: [(tag: String, value: Double?)] = [
        ("train/loss", epoch.loss), ("train/accuracy", epoch.accuracy),
        ("train/head_rate", epoch.learningRate), ("validation/loss", epoch.validationLoss),
        ("validation/accuracy", epoch.validationAccuracy),
      ]
      file.append(
        scalars.compactMap { scalar in scalar.value.map { (scalar.tag, $0) } }, at: time,
        step: index + 1)
    }
    let end = max(time, start + measurement.wallSeconds)
    let tests = [("test/accuracy", measurement.accuracy), ("test/log_loss", measurement.logLoss)]
    file.append(
      (isTested ? tests : []) + [
        ("cost/cpu_seconds", measurement.cpuSeconds), ("cost/flops", measurement.flops),
        ("cost/peak_bytes", Double(measurement.peakBytes)),
      ],
      at: end, step: measurement.epochs)
    file.appendSuccess(at: end)
    return file.bytes
  }

  /// The event file of a run that ends at a time, in seconds since 1970.
  package func bytes(endingAt end: Double) -> [UInt8] { bytes(from: end - measurement.wallSeconds) }
}
