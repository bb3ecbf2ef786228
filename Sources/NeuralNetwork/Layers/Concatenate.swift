package import Tensors

/// The channels of two or more inputs side by side, as Keras' `Concatenate` along the last axis.
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

  package func compile(_ site: TrainingSite) throws -> CompiledLayer {
    let output = try site.makeOutput()
    let total = site.node.outputShape.channels
    let starts = starts(site.inputShapes)
    site.builder.addForward(copy(site.inputs, site.inputShapes, to: output, total: total))
    return CompiledLayer(output: output, keeping: []) { outputGradient in
      try site.inputShapes.indices.map { index in
        guard site.wantsGradient[index] else { return nil }
        let inputGradient = try site.makeInputGradient(index)
        let channels = site.inputShapes[index].channels
        site.builder.addBackward {
          LayerKernels.take(
            channels: channels, at: starts[index], of: total, from: outputGradient,
            to: inputGradient)
        }
        return inputGradient
      }
    }
  }

  package func compile(_ site: InferenceSite) throws -> TensorBuffer {
    let output = try site.makeOutput()
    site.builder.addForward(
      copy(
        site.inputs, site.inputShapes, to: output, total: site.node.outputShape.channels))
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
