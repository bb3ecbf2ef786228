import RealModule
import Records

extension ClaimMeasure {
  /// The paired differences that decide a claim at a place, and which of them counts; `nil` if the
  /// strategies in question were not measured there.
  func differences(
    in cell: MatrixCell
  ) -> (differences: [PairedDifferences], extreme: ClaimVerdict.Extreme)? {
    switch self {
    case .falls(let quantity, let arms):
      let measured = arms.compactMap { cell.measured($0) }
      guard measured.count >= 2 else { return nil }
      let differences = zip(measured, measured.dropFirst()).map {
        PairedDifferences(
          $0.values(of: quantity), $1.values(of: quantity), replication: $0.replication)
      }
      return (differences, .smallest)
    case .isBeaten(let arm, let rivals):
      let leads = rivals.compactMap { cell.lead(of: $0, over: arm) }
      return leads.isEmpty ? nil : (leads, .largest)
    case .leads(let arm, let rival):
      return cell.lead(of: arm, over: rival).map { ([$0], .smallest) }
    case .leadsUnder(let shift, let arm, let rivals):
      guard cell.similarity.shift == shift else { return nil }
      let leads = rivals.compactMap { cell.lead(of: arm, over: $0) }
      return leads.isEmpty ? nil : (leads, .smallest)
    case .leadGrowsWithSimilarity:
      return nil
    }
  }
}

extension MatrixCell {
  /// The summary of a strategy; `nil` if it was not measured.
  func measured(_ arm: Arm) -> ArmSummary? { measuredArms.first { $0.arm.does(arm) } }

  /// The lead of one strategy over another in points; `nil` if either was not measured.
  func lead(of arm: Arm, over rival: Arm) -> PairedDifferences? {
    guard let own = measured(arm), let other = measured(rival) else { return nil }
    return own.lead(over: other)
  }
}

extension ArmSummary {
  fileprivate func values(of quantity: ClaimQuantity) -> [Double?] {
    switch quantity {
    case .cpuSeconds:
      cpuSeconds.map { $0.flatMap { $0 > 0 ? Double.log($0) : nil } }
    case .overfitting:
      zip(trainAccuracies, accuracies).map { train, test in
        train.flatMap { train in test.map { (train - $0) * 100 } }
      }
    }
  }
}
