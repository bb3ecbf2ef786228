package import Records

/// The record of one finished run in a journal.
package struct JournalEntry: Sendable, Hashable {
  /// The index of the run in the plan's grid.
  package let cell: Int
  package let outcome: RunResult.Outcome
  /// The elapsed time of the sweep when the run ended, in seconds, earlier sessions included.
  package let elapsed: Double

  package init(cell: Int, outcome: RunResult.Outcome, elapsed: Double) {
    self.cell = cell
    self.outcome = outcome
    self.elapsed = elapsed
  }
}

extension JournalEntry {
  /// The byte before an outcome, which says whether the run completed.
  private enum Tag {
    static let completed: UInt8 = 0
    static let failed: UInt8 = 1
    /// Like `completed`, followed by whether each test example was classified correctly.
    static let completedWithExamples: UInt8 = 2
  }

  /// The bytes of the entry.
  ///
  /// The format is binary, so that every number is read back with the same bits, and that 100,000
  /// entries are read quickly.
  func payload() -> [UInt8] {
    var bytes = ByteWriter()
    bytes.write(UInt32(cell))
    bytes.write(elapsed)
    switch outcome {
    case .completed(let measurement):
      bytes.write(measurement.isCorrect == nil ? Tag.completed : Tag.completedWithExamples)
      bytes.write(measurement)
      if let examples = measurement.isCorrect {
        bytes.write(UInt32(examples.count))
        for isCorrect in examples { bytes.write(UInt8(isCorrect ? 1 : 0)) }
      }
    case .failed(let reason):
      bytes.write(Tag.failed)
      bytes.write(reason)
    }
    return bytes.bytes
  }

  /// Decodes an entry; returns `nil` if the payload is not that of an entry.
  init?(payload: ArraySlice<UInt8>) {
    var bytes = ByteReader(payload)
    guard let cell = bytes.read(UInt32.self), let elapsed = bytes.readDouble(),
      let tag = bytes.read(UInt8.self)
    else { return nil }
    switch tag {
    case Tag.completed, Tag.completedWithExamples:
      guard var measurement = bytes.readMeasurement() else { return nil }
      if tag == Tag.completedWithExamples {
        guard let count = bytes.readCount(ofAtLeast: 1) else { return nil }
        let examples = (0..<count).compactMap { _ in bytes.read(UInt8.self) }
        guard examples.allSatisfy({ $0 <= 1 }) else { return nil }
        measurement.isCorrect = examples.map { $0 == 1 }
      }
      outcome = .completed(measurement)
    case Tag.failed:
      guard let reason = bytes.readText() else { return nil }
      outcome = .failed(reason: reason)
    default: return nil
    }
    guard bytes.isAtEnd else { return nil }
    self.cell = Int(cell)
    self.elapsed = elapsed
  }
}

extension ByteWriter {
  fileprivate mutating func write(_ measurement: Measurement) {
    for real in Variables.reals { write(measurement[keyPath: real.value]) }
    for integer in Variables.integers { write(Int64(measurement[keyPath: integer.value])) }
    for digest in Variables.digests { write(measurement[keyPath: digest.value]) }
    write(UInt32(measurement.audit.loadedLayers.count))
    for layer in measurement.audit.loadedLayers { write(layer) }
    write(UInt32(measurement.history.count))
    for epoch in measurement.history { write(epoch) }
  }

  private mutating func write(_ epoch: EpochRecord) {
    write(epoch.loss)
    write(epoch.accuracy)
    write(epoch.learningRate)
    write(epoch.seconds)
    write(epoch.validationLoss)
    write(epoch.validationAccuracy)
  }

  private mutating func write(_ value: Double?) {
    write(UInt8(value == nil ? 0 : 1))
    if let value { write(value) }
  }
}

extension ByteReader {
  fileprivate mutating func readMeasurement() -> Measurement? {
    var measurement = Measurement.unknown
    for real in Variables.reals {
      guard let value = readDouble() else { return nil }
      measurement[keyPath: real.value] = value
    }
    for integer in Variables.integers {
      guard let value = read(Int64.self) else { return nil }
      measurement[keyPath: integer.value] = Int(value)
    }
    for digest in Variables.digests {
      guard let value = readText() else { return nil }
      measurement[keyPath: digest.value] = value
    }
    guard let layerCount = readCount(ofAtLeast: 4) else { return nil }
    for _ in 0..<layerCount {
      guard let layer = readText() else { return nil }
      measurement.audit.loadedLayers.append(layer)
    }
    guard let epochCount = readCount(ofAtLeast: 34) else { return nil }
    measurement.history.reserveCapacity(epochCount)
    for _ in 0..<epochCount {
      guard let epoch = readEpoch() else { return nil }
      measurement.history.append(epoch)
    }
    return measurement
  }

  private mutating func readEpoch() -> EpochRecord? {
    guard let loss = readDouble(), let accuracy = readDouble(), let rate = readDouble(),
      let seconds = readDouble(), let validationLoss = readOptional(),
      let validationAccuracy = readOptional()
    else { return nil }
    return EpochRecord(
      loss: loss, accuracy: accuracy, learningRate: rate, seconds: seconds,
      validationLoss: validationLoss, validationAccuracy: validationAccuracy)
  }

  private mutating func readOptional() -> Double?? {
    switch read(UInt8.self) {
    case 0: return .some(nil)
    case 1: return readDouble().map(Optional.some)
    default: return nil
    }
  }
}

extension Measurement {
  /// The values of a missing run, none of which is known.
  static let unknown = Measurement(
    accuracy: .nan, logLoss: .nan, trainAccuracy: .nan, wallSeconds: .nan, cpuSeconds: .nan,
    flops: .nan, peakBytes: -1, trainableParameters: -1, totalParameters: -1, epochs: -1,
    history: [])
}
