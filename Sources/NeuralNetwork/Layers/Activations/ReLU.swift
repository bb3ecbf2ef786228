package import Tensors

/// max(x, 0), element by element.
package struct ReLU: ActivationLayer, Hashable {
  package init() {}

  package var kerasClass: String { "ReLU" }

  var elementwise: Elementwise? { .relu(slope: 0) }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    inputs.count == 1 ? inputs[0] : nil
  }

  package func compile(_ context: TrainingContext) throws -> CompiledLayer {
    try context.compileElementwise(.relu(slope: 0))
  }

  package func compile(_ context: InferenceContext) throws -> TensorBuffer {
    try context.compileElementwise(.relu(slope: 0))
  }
}

// Shared by the layers that compute an elementwise function.

extension TrainingContext {
  func compileElementwise(_ function: Elementwise) throws -> CompiledLayer {
    // The gradient of a ReLU is the same with its output as the source: both are above 0, or none.
    let isInPlace = mayOverwriteInput && function == .relu(slope: 0)
    let output = isInPlace ? input : try makeOutput()
    builder.addForward(try Primitive.elementwise(function, input, to: output))
    return CompiledLayer(output: output, keeping: [input]) { outputGradient in
      guard wantsGradient[0] else { return [nil] }
      let inputGradient = try makeInputGradient(over: outputGradient)
      builder.addBackward(
        try Primitive.elementwiseGradient(
          function, of: outputGradient, source: input, to: inputGradient))
      return [inputGradient]
    }
  }
}

extension InferenceContext {
  func compileElementwise(_ function: Elementwise) throws -> TensorBuffer {
    let output = try makeOutput()
    builder.addForward(try Primitive.elementwise(function, input, to: output))
    return output
  }
}
