/// Which parameters of a fine-tuned backbone are trained; those of the head are all trained.
///
/// It selects within the layers that the strategy does not freeze. All other parameters of the
/// backbone keep their bits.
public enum TrainedParameters: String, CaseIterable, Sendable, Codable {
  /// All parameters.
  case all
  /// Kernels and biases of convolutions and dense layers.
  ///
  /// Normalizations keep their scales, shifts and statistics. An error with additions to kernels.
  case kernels
  /// Scale and shift (gamma and beta) of batch and layer normalizations: Frankle, Schwab and
  /// Morcos, "Training BatchNorm and Only BatchNorm", ICLR 2021.
  ///
  /// A trained batch normalization uses the statistics of the batch and updates its own.
  case normalizations
  /// Biases of convolutions and dense layers, and the shifts (beta) of normalizations: BitFit
  /// (Ben-Zaken, Ravfogel and Goldberg, ACL 2022).
  ///
  /// Batch normalizations use their moving statistics and keep them.
  case biases
}
