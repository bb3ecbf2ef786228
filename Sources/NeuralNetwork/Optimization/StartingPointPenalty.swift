package import Tensors

/// L2-SP: the loss grows with the distance from the pretrained weights.
///
/// Adds strength / 2 × |w - w₀|² for every kernel that has a starting point w₀ and newStrength / 2
/// × |w|² for every other kernel. Li, Grandvalet, Davoine, "Explicit Inductive Bias for Transfer
/// Learning with Convolutional Networks", ICML 2018.
package struct StartingPointPenalty: Sendable {
  /// α of the paper, at least 0.
  package var strength: Double
  /// β of the paper, at least 0.
  package var newStrength: Double
  /// The pretrained values.
  package var startingPoint: [ParameterName: Tensor]

  package init(strength: Double, newStrength: Double, startingPoint: [ParameterName: Tensor]) {
    self.strength = strength
    self.newStrength = newStrength
    self.startingPoint = startingPoint
  }
}
