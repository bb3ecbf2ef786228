import Foundation
package import Records

/// What a journal holds about one finished cell.
package struct JournalEntry: Sendable, Hashable {
  package let result: CellResult
  /// Seconds that the sweep had taken when the cell ended, all its runs together.
  package let elapsed: Double

  package init(result: CellResult, elapsed: Double) {
    self.result = result
    self.elapsed = elapsed
  }
}

extension JournalEntry {
  /// The form in which an entry is stored.
  private struct Stored: Codable {
    let result: CellResult
    /// The bit patterns of the figures, since JSON has no infinity, one NaN at most and no zero
    /// below zero.
    let bits: [UInt64?]
    let elapsed: Double
  }

  func payload() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return try encoder.encode(
      Stored(result: result, bits: result.measurement?.bits ?? [], elapsed: elapsed))
  }

  /// The entry, or `nil` where the payload is not that of one.
  init?(payload: Data) {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    guard let stored = try? decoder.decode(Stored.self, from: payload) else { return nil }
    elapsed = stored.elapsed
    guard var measurement = stored.result.measurement else {
      result = stored.result
      return
    }
    guard measurement.restore(stored.bits) else { return nil }
    result = CellResult(key: stored.result.key, outcome: .completed(measurement))
  }
}

extension EpochRecord {
  fileprivate typealias Path<Number> = any WritableKeyPath<EpochRecord, Number> & Sendable

  fileprivate static let reals: [Path<Double>] = [
    \.loss, \.accuracy, \.learningRate, \.seconds,
  ]
  fileprivate static let optionals: [Path<Double?>] = [\.validationLoss, \.validationAccuracy]
}

extension Records.Measurement {
  /// The bit patterns of all real numbers, those of the history last, epoch by epoch.
  fileprivate var bits: [UInt64?] {
    Variables.reals.map { self[keyPath: $0.value].bitPattern }
      + history.flatMap { epoch in
        EpochRecord.reals.map { epoch[keyPath: $0].bitPattern }
          + EpochRecord.optionals.map { epoch[keyPath: $0]?.bitPattern }
      }
  }

  /// Sets what `bits` returned; `false` where they are not as many.
  fileprivate mutating func restore(_ bits: [UInt64?]) -> Bool {
    guard bits.count == self.bits.count else { return false }
    var rest = bits[...]
    func next() -> Double? { rest.removeFirst().map(Double.init(bitPattern:)) }
    for real in Variables.reals { self[keyPath: real.value] = next() ?? .nan }
    for index in history.indices {
      for path in EpochRecord.reals { history[index][keyPath: path] = next() ?? .nan }
      for path in EpochRecord.optionals { history[index][keyPath: path] = next() }
    }
    return true
  }
}
