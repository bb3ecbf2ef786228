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

  /// Of the last features, and of those of the same network with random weights; `nil` if they are
  /// not known.
  package var scores, untrainedScores: Scores?

  /// How well features tell classes apart, without any training; both are larger for better
  /// features.
  package struct Scores: Sendable, Hashable, Codable {
    /// LogME: the largest log evidence of a linear model with normal weights and noise, per example
    /// and averaged over the classes, each of which is predicted as 1 against 0.
    ///
    /// You, Liu, Wang and Long, "LogME: Practical Assessment of Pre-trained Models for Transfer
    /// Learning", ICML 2021.
    package var logEvidence: Double
    /// The H-score: the variance of class means in units of the variance of features, summed over
    /// directions, from 0 to the number of classes − 1.
    ///
    /// Bao, Li, Huang, Zhang, Zheng, Zamir and Guibas, "An Information-Theoretic Approach to
    /// Transferability in Task Transfer Learning", ICIP 2019; with the covariance of features
    /// shrunk (Ledoit and Wolf 2004), as in Ibrahim, Ponomareva and Mazumder, "Newer is not always
    /// better: Rethinking transferability metrics, their peculiarities, stability and performance",
    /// 2021.
    package var hScore: Double

    package init(logEvidence: Double, hScore: Double) {
      self.logEvidence = logEvidence
      self.hScore = hScore
    }
  }

  /// A solved head on the features of one depth.
  package struct Depth: Sendable, Hashable, Codable {
    package var group: LayerGroup
    package var accuracy: Double

    package init(group: LayerGroup, accuracy: Double) {
      self.group = group
      self.accuracy = accuracy
    }
  }

  /// Whether most of what was measured says that the pretrained features tell the classes apart
  /// better than random ones do.
  package var favoursPretrained: Bool {
    var signs = [(solvedHeads.last?.accuracy ?? 0) > untrained]
    if let scores, let untrainedScores {
      signs += [
        scores.logEvidence > untrainedScores.logEvidence, scores.hScore > untrainedScores.hScore,
      ]
    }
    return 2 * signs.count { $0 } > signs.count
  }

  package init(
    examples: Int, nearestNeighbours: Double, nearestMean: Double, solvedHeads: [Depth],
    untrained: Double, scores: Scores? = nil, untrainedScores: Scores? = nil
  ) {
    self.examples = examples
    self.nearestNeighbours = nearestNeighbours
    self.nearestMean = nearestMean
    self.solvedHeads = solvedHeads
    self.untrained = untrained
    self.scores = scores
    self.untrainedScores = untrainedScores
  }
}
