import Records

/// The strategies that the options of a command choose.
struct ArmOptions {
  /// The names of the strategies, separated by commas; `nil` for the default ones.
  let strategies: String?
  /// The lowest group or layer that an additional fine-tuning strategy trains; `nil` for no such
  /// strategy.
  let unfreeze: String?
  /// Whether the plan has an axis of depths, which has its own strategies.
  let hasDepths: Bool

  /// The chosen strategies with the techniques of the options.
  ///
  /// - Parameter layers: the names of the backbone's layers.
  /// - Throws: `Failure` of kind `usage`.
  func arms(layers: () throws -> [String], techniques: TechniqueOptions) throws -> [Arm] {
    var usual = hasDepths ? Arm.depthTreatments : Arm.byDefault
    if let unfreeze {
      guard !hasDepths else {
        throw OptionValues.refused(
          "--unfreeze", "it cannot be combined with --depths", "Give only one of them.")
      }
      usual.append(try OptionValues.unfreezing(unfreeze, layers: layers()))
    }
    let known = usual + Arm.known(withDepths: hasDepths).filter { !usual.contains($0) }
    let chosen = try strategies.map { try OptionValues.arms($0, among: known) } ?? usual
    return try techniques.applied(to: chosen)
  }

  /// The chosen strategies for stored features, with the techniques of the options.
  ///
  /// - Throws: `Failure` of kind `usage`.
  func heads(techniques: TechniqueOptions) throws -> [Arm] {
    if let option = hasDepths ? "--depths" : unfreeze.map({ _ in "--unfreeze" }) {
      throw OptionValues.refused(
        option, "there is no network without --weights", "Leave it out, or give --weights.")
    }
    let known = Arm.known(withDepths: false)
    let chosen = try strategies.map { try OptionValues.arms($0, among: known) }
    return try OptionValues.ofHeads(
      "--strategies", techniques.applied(to: chosen ?? Arm.onStoredFeatures),
      techniques: techniques)
  }
}
