extension Arm {
  /// The arm with other layers frozen, called after them.
  ///
  /// - Parameters:
  ///   - word: what is added to the name.
  ///   - groups: the backbone groups to freeze.
  ///   - layer: a layer below which everything is frozen as well.
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
