package import Tensors

/// The same values in another shape, in storage order, as Keras' `Reshape`.
package struct Reshape: Layer, Hashable {
  package let shape: ImageShape

  package init(to shape: ImageShape) { self.shape = shape }

  package var kerasClass: String { "Reshape" }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    inputs.count == 1 && SizeLimit.allows(shape) && inputs[0].count == shape.count ? shape : nil
  }

  package func compile(_ site: TrainingSite) throws -> CompiledLayer { try site.compileView() }

  package func compile(_ site: InferenceSite) throws -> TensorBuffer { try site.compileView() }
}

// What layers share that compute nothing: the output and its gradient are views of the same memory.

extension TrainingSite {
  func compileView() throws -> CompiledLayer {
    let output = try input.reshaped(batch: builder.batch, shape: node.outputShape)
    return CompiledLayer(output: output, keeping: []) { outputGradient in
      guard wantsGradient[0] else { return [nil] }
      return [try outputGradient.reshaped(batch: builder.batch, shape: inputShape)]
    }
  }
}

extension InferenceSite {
  func compileView() throws -> TensorBuffer {
    try input.reshaped(batch: builder.batch, shape: node.outputShape)
  }
}
