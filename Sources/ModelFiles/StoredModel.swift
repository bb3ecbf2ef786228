package import NeuralNetwork
package import Records

/// A model as it was read from a file.
package struct StoredModel: Sendable {
  /// The model's name, or the file's if the model has none.
  package var name: String
  package var format: ModelFormat
  /// All layers of the model, its classifier included, in the group `late`.
  package var network: Network
  /// Whether a softmax at the end was removed, since networks yield logits.
  package var endsInSoftmax: Bool
  /// The loss that the model was compiled with; `nil` if the file does not say it.
  package var loss: TrainingLoss?
  /// Texts that tlbench stored with the model: preprocessing, class names, provenance.
  package var metadata: [String: String]
  /// Attributes that the framework stored with the model: `keras_version` and `backend`.
  package var rootAttributes: [String: String]
  package var report: LoadReport
  /// How the tokens of an encoder are pooled if the user does not say it; `nil` for the default.
  package var pooling: FeaturePooling?
}
