package import NeuralNetwork

/// A model as it was read from a file.
package struct StoredModel: Sendable {
  /// The model's name, or the file's where the model has none.
  package var name: String
  package var format: ModelFormat
  /// All layers of the model, its classifier included, in the group `late`.
  package var network: Network
  /// Whether a softmax at the end was taken off: networks yield logits.
  package var endsInSoftmax: Bool
  /// What the model was compiled with; `nil` where the file does not say it.
  package var loss: TrainingLoss?
  /// What tlbench wrote beside the model: preprocessing, class names, provenance.
  package var metadata: [String: String]
  /// What the framework wrote beside it, such as `keras_version` and `backend`.
  package var rootAttributes: [String: String]
  package var report: LoadReport
}
