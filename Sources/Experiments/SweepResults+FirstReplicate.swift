package import Records

extension SweepResults {
  /// The results of replicate 0 alone, as those of a plan of one replicate without estimates.
  package var firstReplicate: SweepResults {
    var one = plan
    one.replicates = 1
    return SweepResults(
      plan: one, provenance: provenance, outcomes: one.gridKeys.map { self[$0]?.outcome })
  }
}
