import NeuralNetwork
import Tensors

extension LayerConfiguration {
  /// Classes of layers that treat every number alike, or that give an image a channel axis.
  private static let anyAxes: Set = [
    "Flatten", "Reshape", "Rescaling", "Dropout", "Identity", "GaussianNoise", "GaussianDropout",
    "Activation", "ReLU", "LeakyReLU", "ELU", "HardSigmoid", "HardSwish", "Add", "Multiply",
    "Subtract",
  ]

  /// Throws for an image without a channel axis if the layer works along the last axis, which is
  /// then the width in Keras.
  func requireOwnAxes(_ plan: LayerPlan, _ inputs: [ValueShape]) throws(ModelError) {
    guard let image = inputs.first(where: \.isMatrix)?.image else { return }
    let isSoftmax = plan.steps.contains { ($0.layer as? Activation)?.function == .softmax }
    guard isOperation || LayerConfiguration.anyAxes.contains(className), !isSoftmax else {
      throw error(
        "gets images of two axes, \(image.height)×\(image.width), without one for the channel",
        remedy: "Put Reshape((\(image.height), \(image.width), 1)) before it in Keras.")
    }
  }
}
