package import Records

/// A sweep that would measure what is missing for a decision.
package struct SuggestedSweep: Sendable, Hashable {
  /// The architecture; `nil` if the measurements are not of a network of tlbench.
  package let architecture: String?
  /// Further options, which reproduce the measured tasks and name the output.
  package let options: String
  package let similarity: Similarity
  package let trainSize: Int
  package let arms: [Arm]
  /// The replicates for which the paired difference of the two leading strategies gets an interval
  /// of ± the margin.
  package let replicates: Int

  /// The command, if tlbench has the strategies and can generate tasks of the similarity; `nil`
  /// otherwise.
  package var command: String? {
    let known = Arm.known(withDepths: false)
    guard let architecture, similarity.isKnown, arms.allSatisfy(known.contains) else { return nil }
    return "tlbench sweep --architecture \(architecture) --sizes \(trainSize) --similarities "
      + "\(similarity.label) --strategies \(arms.map(\.name).joined(separator: ",")) "
      + "--replicates \(replicates)\(options.isEmpty ? "" : " " + options)"
  }
}
