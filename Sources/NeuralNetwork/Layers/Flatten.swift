package import Tensors

/// One vector per example, in storage order: `[batch, height × width × channels]`.
package struct Flatten: Layer {
  package init() {}

  package var kerasClass: String { "Flatten" }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    guard inputs.count == 1 else { return nil }
    return ImageShape(height: 1, width: 1, channels: inputs[0].count)
  }

  // Nothing is computed: the output and its gradient are views of the same memory.

  package func compile(_ site: TrainingSite) throws -> CompiledLayer {
    let output = try site.input.reshaped(batch: site.builder.batch, shape: site.node.outputShape)
    return CompiledLayer(output: output) { outputGradient in
      guard site.wantsGradient[0] else { return [nil] }
      return [try outputGradient.reshaped(batch: site.builder.batch, shape: site.inputShape)]
    }
  }

  package func compile(_ site: InferenceSite) throws -> TensorBuffer {
    try site.input.reshaped(batch: site.builder.batch, shape: site.node.outputShape)
  }
}
