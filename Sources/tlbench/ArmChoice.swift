import Records

/// The arms that the options of a command choose.
struct ArmChoice {
  /// Names, separated by commas; `nil` for the standard ones.
  let strategies: String?
  /// Where fine-tuning from the top down ends, as another arm; `nil` for none.
  let unfreeze: String?
  /// Whether the plan has an axis of depths, which has arms of its own.
  let hasDepths: Bool

  /// The chosen arms with the techniques of the options.
  ///
  /// - Parameter layers: the backbone's.
  /// - Throws: `Failure` of kind `usage`.
  func arms(layers: () throws -> [String], techniques: TechniqueOptions) throws -> [Arm] {
    var standard = hasDepths ? Arm.depthTreatments : Arm.standard
    if let unfreeze {
      guard !hasDepths else {
        throw OptionValues.refused(
          "--unfreeze", "it cannot go with --depths", "Leave one of the two out.")
      }
      standard.append(try OptionValues.unfreezing(unfreeze, layers: layers()))
    }
    let known = standard + (hasDepths ? [] : Arm.further)
    let chosen = try strategies.map { try OptionValues.arms($0, among: known) } ?? standard
    return try techniques.applied(to: chosen)
  }
}
