/// The four treatments of Yosinski, Clune, Bengio and Lipson, "How transferable are features in
/// deep neural networks?", NeurIPS 2014.
///
/// The first n groups come from a network trained on task A or B, the others are newly initialized,
/// and all but the frozen ones are trained on B. Here n counts groups of layers, all groups are
/// trained with one learning rate, and B's own network is trained on the whole training set of the
/// task, whatever the train size of the run.
extension Arm {
  /// AnB: the first n groups come from the source task and stay frozen.
  public static let transferFrozen = depthArm("AnB", frozen: LayerGroup.backbone, .pretrained)
  /// AnB+: the first n groups come from the source task and are trained further.
  public static let transferTuned = depthArm("AnB+", frozen: [], .pretrained)
  /// BnB: the first n groups come from the target task itself and stay frozen.
  public static let selfFrozen = depthArm("BnB", frozen: LayerGroup.backbone, .sameTask)
  /// BnB+: the first n groups come from the target task itself and are trained further.
  public static let selfTuned = depthArm("BnB+", frozen: [], .sameTask)

  /// The strategies of a sweep over the freeze depth, in the order of their columns.
  public static let depthTreatments: [Arm] = [transferFrozen, transferTuned, selfFrozen, selfTuned]

  private static func depthArm(
    _ name: String, frozen: [LayerGroup], _ source: TransferSource
  ) -> Arm {
    var techniques = Techniques()
    techniques.headFirst = 0
    return Arm(
      name: name, strategy: .fineTuning, frozenGroups: frozen, learningRates: .uniform(1e-3),
      techniques: techniques, source: source)
  }

  /// The strategy with only the first `depth` groups transferred, and frozen if it freezes them.
  package func atDepth(_ depth: Int) -> Arm {
    let transferred = Array(LayerGroup.backbone.prefix(depth))
    return Arm(
      name: name, strategy: strategy,
      frozenGroups: frozenGroups.filter(transferred.contains), learningRates: learningRates,
      techniques: techniques, transferredGroups: transferred, source: source)
  }
}
