import Tensors

/// Adds rows and columns of zeros around images, or removes rows and columns at their sides: the
/// step that ``ZeroPadding2D`` and ``Cropping2D`` share, since each is the backward pass of the
/// other.
private func margins(
  top: Int, left: Int, adds: Bool, from input: TensorBuffer, _ inputShape: ImageShape,
  to output: TensorBuffer, _ outputShape: ImageShape
) {
  if adds {
    LayerKernels.pad(input, inputShape, top: top, left: left, to: output, outputShape)
  } else {
    LayerKernels.crop(input, inputShape, top: top, left: left, to: output, outputShape)
  }
}

extension TrainingContext {
  /// - Parameter adds: whether rows and columns are added; otherwise they are removed.
  func compileMargins(top: Int, left: Int, adds: Bool) throws -> CompiledLayer {
    let (output, input) = (try makeOutput(), input)
    let (before, after) = (inputShape, node.outputShape)
    builder.addForward {
      margins(top: top, left: left, adds: adds, from: input, before, to: output, after)
    }
    return CompiledLayer(output: output, keeping: []) { outputGradient in
      guard wantsGradient[0] else { return [nil] }
      let inputGradient = try makeInputGradient()
      builder.addBackward {
        margins(
          top: top, left: left, adds: !adds, from: outputGradient, after, to: inputGradient, before)
      }
      return [inputGradient]
    }
  }
}

extension InferenceContext {
  /// - Parameter adds: whether rows and columns are added; otherwise they are removed.
  func compileMargins(top: Int, left: Int, adds: Bool) throws -> TensorBuffer {
    let (output, input) = (try makeOutput(), input)
    let (before, after) = (inputShape, node.outputShape)
    builder.addForward {
      margins(top: top, left: left, adds: adds, from: input, before, to: output, after)
    }
    return output
  }
}
