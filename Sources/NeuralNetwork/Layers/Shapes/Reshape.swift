package import Tensors

/// The same values in another shape, in storage order, as Keras' `Reshape`.
package struct Reshape: Layer, Hashable {
  package let shape: ImageShape
  /// Whether the output is a vector in Keras, `[batch, channels]`; height and width are then 1.
  package let isVector: Bool

  package init(to shape: ImageShape, isVector: Bool = false) {
    self.shape = shape
    self.isVector = isVector
  }

  package var kerasClass: String { "Reshape" }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    inputs.count == 1 && SizeLimit.allows(shape) && inputs[0].count == shape.count ? shape : nil
  }

  package func compile(_ context: TrainingContext) throws -> CompiledLayer {
    try context.compileView()
  }

  package func compile(_ context: InferenceContext) throws -> TensorBuffer {
    try context.compileView()
  }
}

// Shared by layers that compute nothing: output and gradient are views of the same memory.

extension TrainingContext {
  func compileView() throws -> CompiledLayer {
    let output = try input.reshaped(batch: builder.batch, shape: node.outputShape)
    return CompiledLayer(output: output, keeping: []) { outputGradient in
      guard wantsGradient[0] else { return [nil] }
      return [try outputGradient.reshaped(batch: builder.batch, shape: inputShape)]
    }
  }
}

extension InferenceContext {
  func compileView() throws -> TensorBuffer {
    try input.reshaped(batch: builder.batch, shape: node.outputShape)
  }
}
