/// How one run ended.
package struct RunResult: Sendable, Hashable, Codable {
  package enum Outcome: Sendable, Hashable, Codable {
    case completed(Measurement)
    /// The run failed, for this reason.
    case failed(reason: String)

    package var measurement: Measurement? {
      if case .completed(let measurement) = self { measurement } else { nil }
    }
  }

  package let key: RunKey
  package let outcome: Outcome

  package init(key: RunKey, outcome: Outcome) {
    self.key = key
    self.outcome = outcome
  }

  package var measurement: Measurement? { outcome.measurement }
}
