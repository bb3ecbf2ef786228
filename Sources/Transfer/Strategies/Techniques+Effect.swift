import Records

extension Techniques {
  /// Names of the options that were changed although training with `strategy` ignores them.
  func optionsWithoutEffect(on strategy: Strategy) -> [String] {
    Technique.all.filter { $0.isChanged(self) && ignores($0, on: strategy) }.map(\.property)
  }

  private func ignores(_ technique: Technique, on strategy: Strategy) -> Bool {
    if technique.ignoredBy.contains(strategy) { return true }
    if strategy == .fineTuning, headStart == .solved,
      technique.property == Technique.headFirst.property
    {
      return true
    }
    guard strategy == .featureExtraction, convergedHead else { return false }
    // Adaptive statistics are estimated before the head is solved.
    let isAdaptive = technique.property == Technique.batchNorm.property && batchNorm == .adaptive
    return technique.isOfGradientDescent && !isAdaptive
  }
}
