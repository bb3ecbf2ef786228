package import Records

/// One row of the transfer-learning rules under test: a corner of size and similarity, and what
/// practitioners are told to do there.
///
/// The rows are taken as they are worded. "Large, high or medium similarity" names no upper size,
/// so it also governs what the last row calls very large; only low similarity has a row of its own
/// above 100,000 examples. Sizes from 1,000 to 10,000, both included, are medium.
package enum Rule: String, CaseIterable, Sendable, Codable {
  case smallHigh = "small-high"
  case smallOther = "small-other"
  case mediumAny = "medium-any"
  case largeSimilar = "large-similar"
  case largeLow = "large-low"
  case veryLargeLow = "very-large-low"

  /// The name by which texts and results cite the rule.
  package var id: String { rawValue }

  /// The one row that covers a size and a similarity.
  ///
  /// - Parameter datasetSize: The number of labelled training examples, at least 1.
  package static func governing(datasetSize: Int, similarity: Similarity.Level) -> Rule {
    switch (datasetSize, similarity) {
    case (..<1_000, .high): .smallHigh
    case (..<1_000, .medium), (..<1_000, .low): .smallOther
    case (...10_000, _): .mediumAny
    case (_, .high), (_, .medium): .largeSimilar
    case (...100_000, .low): .largeLow
    case (_, .low): .veryLargeLow
    }
  }

  /// The arm that does what the row says.
  ///
  /// The rows name rates for early, middle and head layers; the late layers of a backbone share
  /// the rate of the middle ones.
  package var arm: Arm {
    switch self {
    case .smallHigh: .featureExtraction
    case .smallOther, .mediumAny: .fineTuning
    case .largeSimilar, .largeLow: .fineTuningAll
    case .veryLargeLow: .fromScratch
    }
  }

  /// The row in words: when it applies, and what it advises.
  package var wording: String {
    switch self {
    case .smallHigh:
      "small (< 1,000), high similarity: feature extraction; freeze all but the new head; "
        + "learning rate head 1e-3"
    case .smallOther:
      "small (< 1,000), medium or low similarity: fine-tuning; freeze the early layers; "
        + "learning rates middle 1e-4, head 1e-3"
    case .mediumAny:
      "medium (1,000–10,000), any similarity: fine-tuning; freeze the early layers; "
        + "learning rates middle 1e-4, head 1e-3"
    case .largeSimilar:
      "large (> 10,000), high or medium similarity: fine-tuning; freeze nothing; "
        + "learning rates early 1e-5, middle 1e-4, head 1e-3"
    case .largeLow:
      "large (> 10,000, ≤ 100,000), low similarity: fine-tuning; freeze nothing; "
        + "learning rates early 1e-5, middle 1e-4, head 1e-3"
    case .veryLargeLow:
      "very large (> 100,000), low similarity: training from scratch; freeze nothing; "
        + "learning rate 1e-3 for all layers"
    }
  }

  /// What must hold for the row to be good advice: the claim that a sweep puts to the test.
  package var assumption: String {
    switch self {
    case .smallHigh:
      "the pretrained features already tell the new classes apart, and so few examples would "
        + "overfit any layer but the head"
    case .smallOther:
      "the early features are general enough to keep, and the examples suffice to move the "
        + "layers above them toward the new task"
    case .mediumAny:
      "the early features are general enough to keep at any similarity, and the examples suffice "
        + "to adapt the layers above them without overfitting"
    case .largeSimilar:
      "the examples suffice to adapt every layer, and the pretrained weights are a better start "
        + "than random ones"
    case .largeLow:
      "even unrelated pretrained weights are a better start than random ones as long as the "
        + "examples do not exceed 100,000"
    case .veryLargeLow:
      "the examples suffice to learn every feature anew, and unrelated pretrained weights would "
        + "only bias the result"
    }
  }
}
