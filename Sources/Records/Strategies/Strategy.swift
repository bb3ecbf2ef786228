/// The family of a strategy: how it uses a pretrained network on a new task.
///
/// Practitioners choose between these three. An ``Arm`` is a strategy: a family with settings.
public enum Strategy: String, CaseIterable, Sendable, Codable {
  /// The pretrained layers stay frozen; only a new head is trained on their output.
  case featureExtraction = "feature-extraction"
  /// Pretrained layers are trained further, each group with its own learning rate.
  case fineTuning = "fine-tuning"
  /// Nothing is transferred: every layer starts from random weights.
  case fromScratch = "from-scratch"
}
