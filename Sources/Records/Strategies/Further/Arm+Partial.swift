/// Strategies that train a part of what fine-tuning trains, all from a solved head.
extension Arm {
  /// The linear probe on the output of the early layers: for a task that is unlike the source task,
  /// features of later layers are too special (CS231n, "Transfer Learning").
  public static let linearProbeEarly = variant(of: linearProbe, "linear-probe-early") {
    $0.head.after = .early
  }

  /// The linear probe on the output of the middle layers.
  public static let linearProbeMiddle = variant(of: linearProbe, "linear-probe-middle") {
    $0.head.after = .middle
  }

  /// Training of the scale and shift of normalizations, and of the head.
  public static let batchNormOnly = fromSolvedHead("batch-norm-only", at: 3e-3) {
    $0.trainedParameters = .normalizations
  }

  /// Training of biases and of the shifts of normalizations, and of the head.
  public static let biasOnly = fromSolvedHead("bias-only", at: 3e-3) {
    $0.trainedParameters = .biases
  }

  /// Training of additions of rank 4 to the kernels, and of the head: LoRA.
  public static let lowRank = fromSolvedHead("lora-rank-4", at: 3e-3) {
    $0.lowRank = LowRankAdapters(rank: 4, alpha: 8)
  }

  /// Training of residual adapters beside the convolutions, of normalizations, and of the head:
  /// Rebuffi, Bilen and Vedaldi, "Efficient Parametrization of Multi-Domain Deep Neural Networks",
  /// CVPR 2018.
  public static let residualAdapters = fromSolvedHead("residual-adapters", at: 1e-3) {
    $0.residualAdapters = true
    $0.trainedParameters = .normalizations
  }

  /// Fine-tuning of every kernel with rates by relative gradient norms, at most 1e-3: Auto-RGN.
  ///
  /// Its source is that of surgical fine-tuning, below. As in the authors' code, normalizations are
  /// frozen.
  public static let autoRGN = fromSolvedHead("auto-rgn", at: 1e-3) {
    $0.gradientRates = true
    $0.trainedParameters = .kernels
  }

  /// Training of one group of layers, and of the head: Lee, Chen, Tajwar, Kumar, Yao, Liang and
  /// Finn, "Surgical Fine-Tuning Improves Adaptation to Distribution Shifts", ICLR 2023.
  package static func surgical(_ group: LayerGroup) -> Arm {
    fromSolvedHead(
      "surgical-\(group.rawValue)", freezing: LayerGroup.backbone.filter { $0 != group }, at: 1e-3)
  }

  /// The further strategies that train a part, in the order of their columns.
  static let partial: [Arm] = [
    linearProbeEarly,
    linearProbeMiddle,
    batchNormOnly,
    biasOnly,
    surgical(.early),
    surgical(.middle),
    surgical(.late),
    autoRGN,
    lowRank,
    residualAdapters,
  ]
}
