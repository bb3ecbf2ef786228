extension Arm {
  /// The strategy with other layers frozen, under a name that says so.
  ///
  /// - Parameters:
  ///   - word: the suffix of the new name.
  ///   - groups: the backbone groups to freeze.
  ///   - layer: a layer below which everything is frozen as well (default: none).
  public func unfreezing(
    _ word: String, freezing groups: [LayerGroup], below layer: String? = nil
  ) -> Arm {
    var arm = Arm(
      name: "\(name)-\(word)", strategy: strategy, frozenGroups: groups,
      learningRates: learningRates, techniques: techniques,
      transferredGroups: transferredGroups, source: source)
    arm.frozenBelow = layer
    return arm
  }
}
