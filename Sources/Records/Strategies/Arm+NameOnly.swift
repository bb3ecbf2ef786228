extension Arm {
  /// A strategy of a published table, of which only the name is known.
  ///
  /// Its family is fine-tuning, and results files mark it by learning rates of zero.
  package static func nameOnly(_ name: String) -> Arm {
    Arm(name: name, strategy: .fineTuning, frozenGroups: [], learningRates: .uniform(0))
  }

  /// Whether only the name of the strategy is known.
  package var isNameOnly: Bool { learningRates == .uniform(0) }
}
