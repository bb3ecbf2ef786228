import RealModule

/// A place in the coordinates in which accuracies are smooth.
package struct SurfacePoint: Sendable, Hashable {
  /// Decimal logarithm of the number of labelled training examples.
  package let logSize: Double
  /// The similarity, in 0...1.
  package let similarity: Double

  package init(logSize: Double, similarity: Double) {
    self.logSize = logSize
    self.similarity = similarity
  }

  package init(trainSize: Int, similarity: Double) {
    self.init(logSize: Double.log10(Double(trainSize)), similarity: similarity)
  }
}
