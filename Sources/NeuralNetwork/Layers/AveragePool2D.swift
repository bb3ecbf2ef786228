package import Tensors

/// The mean of each window, per channel, as Keras' `AveragePooling2D`: over the pixels of the image
/// that lie in the window, padding not counted.
package struct AveragePool2D: Layer, Hashable {
  package let poolSize: Size2D
  package let strides: Size2D
  package let padding: Padding

  package init(poolSize: Size2D, strides: Size2D, padding: Padding = .valid) {
    self.poolSize = poolSize
    self.strides = strides
    self.padding = padding
  }

  package var kerasClass: String { "AveragePooling2D" }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    Window.pooledShape(of: inputs, size: poolSize, strides: strides, padding: padding)
  }

  package func compile(_ site: TrainingSite) throws -> CompiledLayer {
    try site.compilePooling(
      .average,
      .pooling(poolSize, strides: strides, padding: padding, over: site.inputShape))
  }

  package func compile(_ site: InferenceSite) throws -> TensorBuffer {
    try site.compilePooling(
      .average,
      .pooling(poolSize, strides: strides, padding: padding, over: site.inputShape))
  }
}
