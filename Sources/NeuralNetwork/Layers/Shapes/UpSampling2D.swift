package import Tensors

/// Images enlarged by integer factors, as Keras' `UpSampling2D`.
package struct UpSampling2D: Layer, Hashable {
  package let size: Size2D
  package let interpolation: Resampling.Interpolation

  package init(size: Size2D, interpolation: Resampling.Interpolation = .nearest) {
    self.size = size
    self.interpolation = interpolation
  }

  package var kerasClass: String { "UpSampling2D" }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    guard inputs.count == 1, size.isUsable else { return nil }
    return ImageShape(
      height: inputs[0].height * size.height, width: inputs[0].width * size.width,
      channels: inputs[0].channels)
  }

  package func compile(_ context: TrainingContext) throws -> CompiledLayer {
    let resampling = Resampling(
      from: context.inputShape, to: context.node.outputShape, interpolation)
    let (output, input) = (try context.makeOutput(), context.input)
    context.builder.addForward { resampling.run(input, to: output) }
    return CompiledLayer(output: output, keeping: []) { outputGradient in
      guard context.wantsGradient[0] else { return [nil] }
      let inputGradient = try context.makeInputGradient()
      context.builder.addBackward { resampling.gradient(of: outputGradient, to: inputGradient) }
      return [inputGradient]
    }
  }

  package func compile(_ context: InferenceContext) throws -> TensorBuffer {
    let resampling = Resampling(
      from: context.inputShape, to: context.node.outputShape, interpolation)
    let (output, input) = (try context.makeOutput(), context.input)
    context.builder.addForward { resampling.run(input, to: output) }
    return output
  }
}
