/// What fine-tuning starts the new head from.
///
/// Kumar, Raghunathan, Jones, Ma and Liang, "Fine-Tuning can Distort Pretrained Features and
/// Underperform Out-of-Distribution", ICLR 2022: a random head distorts the features that it is
/// trained on (LP-FT starts from a trained one).
public enum HeadStart: String, CaseIterable, Sendable, Codable {
  /// Random values; ``Techniques/headFirst`` says for how long the head is trained alone.
  case new
  /// The solution of the linear probe on the features of the frozen backbone: standardized
  /// features, L-BFGS, and the penalty that cross-validation prefers.
  ///
  /// No epoch trains the head alone: all trained layers are trained from the first epoch on. Not
  /// with a hidden layer in the head, which the probe does not have, nor with gradual unfreezing,
  /// which begins with the head. Dropout in the head is allowed: it is off in the network whose
  /// outputs are the probe's.
  case solved
}
