package import Tensors

/// scale × x + offset, with one value for all channels or one per channel, as Keras' `Rescaling`.
package struct Rescaling: Layer, Hashable {
  package let scale: [Float]
  package let offset: [Float]

  package init(scale: [Float], offset: [Float]) {
    self.scale = scale
    self.offset = offset
  }

  package var kerasClass: String { "Rescaling" }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    guard inputs.count == 1,
      [scale, offset].allSatisfy({ $0.count == 1 || $0.count == inputs[0].channels })
    else { return nil }
    return inputs[0]
  }

  private func affine(_ channels: Int) -> ChannelAffine {
    func spread(_ values: [Float]) -> [Float] {
      values.count == channels ? values : [Float](repeating: values[0], count: channels)
    }
    return ChannelAffine(
      center: [Float](repeating: 0, count: channels), scale: spread(scale), offset: spread(offset))
  }

  package func compile(_ context: TrainingContext) throws -> CompiledLayer {
    try context.compile(affine(context.inputShape.channels))
  }

  package func compile(_ context: InferenceContext) throws -> TensorBuffer {
    try context.compile(affine(context.inputShape.channels))
  }
}

/// (x - center) × scale + offset, with one value of each per channel.
struct ChannelAffine {
  let center: [Float]
  let scale: [Float]
  let offset: [Float]
}

extension TrainingContext {
  func compile(_ affine: ChannelAffine) throws -> CompiledLayer {
    let (output, input) = (try makeOutput(), input)
    builder.addForward {
      LayerKernels.affine(
        input, center: affine.center, scale: affine.scale, offset: affine.offset, to: output)
    }
    return CompiledLayer(output: output, keeping: []) { outputGradient in
      guard wantsGradient[0] else { return [nil] }
      let inputGradient = try makeInputGradient()
      let zeros = [Float](repeating: 0, count: affine.scale.count)
      builder.addBackward {
        LayerKernels.affine(
          outputGradient, center: zeros, scale: affine.scale, offset: zeros, to: inputGradient)
      }
      return [inputGradient]
    }
  }
}

extension InferenceContext {
  func compile(_ affine: ChannelAffine) throws -> TensorBuffer {
    let (output, input) = (try makeOutput(), input)
    builder.addForward {
      LayerKernels.affine(
        input, center: affine.center, scale: affine.scale, offset: affine.offset, to: output)
    }
    return output
  }
}
