package import Tensors

/// The mean over height and width, per channel: `[batch, 1, 1, channels]`.
package struct GlobalAveragePool2D: Layer, Hashable {
  package init() {}

  package var kerasClass: String { "GlobalAveragePooling2D" }

  private func window(over shape: ImageShape) -> Window {
    .valid(height: shape.height, width: shape.width, stride: 1)
  }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    guard inputs.count == 1 else { return nil }
    return ImageShape(height: 1, width: 1, channels: inputs[0].channels)
  }

  package func compile(_ site: TrainingSite) throws -> CompiledLayer {
    try site.compilePooling(.average, window(over: site.inputShape))
  }

  package func compile(_ site: InferenceSite) throws -> TensorBuffer {
    try site.compilePooling(.average, window(over: site.inputShape))
  }
}
