/// How one cell ended.
package struct CellResult: Sendable, Hashable, Codable {
  package enum Outcome: Sendable, Hashable, Codable {
    case completed(Measurement)
    /// The run threw; the text says why.
    case failed(reason: String)

    package var measurement: Measurement? {
      if case .completed(let measurement) = self { measurement } else { nil }
    }
  }

  package let key: CellKey
  package let outcome: Outcome

  package init(key: CellKey, outcome: Outcome) {
    self.key = key
    self.outcome = outcome
  }

  package var measurement: Measurement? { outcome.measurement }
}
