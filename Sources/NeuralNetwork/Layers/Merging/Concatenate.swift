package import Tensors

/// The concatenated channels of two or more inputs, as Keras' `Concatenate` along the last axis.
package struct Concatenate: Layer, Hashable {
  package init() {}

  package var kerasClass: String { "Concatenate" }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    guard let first = inputs.first,
      inputs.allSatisfy({ $0.height == first.height && $0.width == first.width })
    else { return nil }
    return ImageShape(
      height: first.height, width: first.width,
      channels: inputs.reduce(0) { $0 + $1.channels })
  }

  package func compile(_ context: TrainingContext) throws -> CompiledLayer {
    let output = try context.makeOutput()
    let total = context.node.outputShape.channels
    let starts = starts(context.inputShapes)
    context.builder.addForward(copy(context.inputs, context.inputShapes, to: output, total: total))
    return CompiledLayer(output: output, keeping: []) { outputGradient in
      try context.inputShapes.indices.map { index in
        guard context.wantsGradient[index] else { return nil }
        let inputGradient = try context.makeInputGradient(index)
        let channels = context.inputShapes[index].channels
        context.builder.addBackward {
          LayerKernels.take(
            channels: channels, at: starts[index], of: total, from: outputGradient,
            to: inputGradient)
        }
        return inputGradient
      }
    }
  }

  package func compile(_ context: InferenceContext) throws -> TensorBuffer {
    let output = try context.makeOutput()
    context.builder.addForward(
      copy(
        context.inputs, context.inputShapes, to: output, total: context.node.outputShape.channels))
    return output
  }

  /// The channel at which each input starts.
  private func starts(_ shapes: [ImageShape]) -> [Int] {
    shapes.indices.map { shapes[..<$0].reduce(0) { $0 + $1.channels } }
  }

  private func copy(
    _ inputs: [TensorBuffer], _ shapes: [ImageShape], to output: TensorBuffer, total: Int
  ) -> ProgramStep {
    let starts = starts(shapes)
    return {
      for (index, input) in inputs.enumerated() {
        LayerKernels.place(
          input, channels: shapes[index].channels, at: starts[index], of: total, in: output)
      }
    }
  }
}
