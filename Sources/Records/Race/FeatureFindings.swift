/// What the features of a network tell about a task before any strategy is trained.
///
/// Accuracies are fractions, each of examples that were left out; they describe, and decide
/// nothing.
package struct FeatureFindings: Sendable, Hashable, Codable {
  /// The number of examples that were looked at.
  package var examples: Int
  /// Of the five nearest neighbours by the angle between the last features before the head.
  package var nearestNeighbours: Double
  /// Of the nearest class mean of the same features.
  package var nearestMean: Double
  /// Of a solved head on the features at the end of a group of layers, input first.
  package var solvedHeads: [Depth]
  /// Of a solved head on the last features of the same network with random weights.
  package var untrained: Double

  /// A solved head on the features of one depth.
  package struct Depth: Sendable, Hashable, Codable {
    package var group: LayerGroup
    package var accuracy: Double

    package init(group: LayerGroup, accuracy: Double) {
      self.group = group
      self.accuracy = accuracy
    }
  }

  package init(
    examples: Int, nearestNeighbours: Double, nearestMean: Double, solvedHeads: [Depth],
    untrained: Double
  ) {
    self.examples = examples
    self.nearestNeighbours = nearestNeighbours
    self.nearestMean = nearestMean
    self.solvedHeads = solvedHeads
    self.untrained = untrained
  }
}
