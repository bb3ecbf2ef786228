package import Tensors

/// A selection of channels in a given order, such as BGR from RGB, or a single channel.
///
/// Output channel `i` is input channel `channels[i]`. Keras expresses this with operations such as
/// `x[..., ::-1]`.
package struct SelectChannels: Layer, Hashable {
  /// The selected input channels, each at most once.
  package let channels: [Int]

  package init(_ channels: [Int]) { self.channels = channels }

  package var kerasClass: String { "GetItem" }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    guard inputs.count == 1, !channels.isEmpty, Set(channels).count == channels.count,
      channels.allSatisfy({ (0..<inputs[0].channels).contains($0) })
    else { return nil }
    return ImageShape(
      height: inputs[0].height, width: inputs[0].width, channels: channels.count)
  }

  package func compile(_ context: TrainingContext) throws -> CompiledLayer {
    let (output, input, total) = (
      try context.makeOutput(), context.input, context.inputShape.channels
    )
    context.builder.addForward {
      LayerKernels.select(channels, of: total, from: input, to: output)
    }
    return CompiledLayer(output: output, keeping: []) { outputGradient in
      guard context.wantsGradient[0] else { return [nil] }
      let inputGradient = try context.makeInputGradient()
      context.builder.addBackward {
        LayerKernels.unselect(channels, of: total, from: outputGradient, to: inputGradient)
      }
      return [inputGradient]
    }
  }

  package func compile(_ context: InferenceContext) throws -> TensorBuffer {
    let (output, input, total) = (
      try context.makeOutput(), context.input, context.inputShape.channels
    )
    context.builder.addForward {
      LayerKernels.select(channels, of: total, from: input, to: output)
    }
    return output
  }
}
