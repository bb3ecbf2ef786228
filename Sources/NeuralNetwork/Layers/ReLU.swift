package import Tensors

/// max(x, 0), element by element.
package struct ReLU: Layer {
  package init() {}

  package var kerasClass: String { "ReLU" }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    inputs.count == 1 ? inputs[0] : nil
  }

  package func compile(_ site: TrainingSite) throws -> CompiledLayer {
    let output = try site.makeOutput()
    site.builder.addForward(try Primitive.relu(site.input, to: output))
    return CompiledLayer(output: output) { outputGradient in
      guard site.wantsGradient[0] else { return [nil] }
      let inputGradient = try site.makeInputGradient()
      site.builder.addBackward(
        try Primitive.reluGradient(of: outputGradient, source: site.input, to: inputGradient))
      return [inputGradient]
    }
  }

  package func compile(_ site: InferenceSite) throws -> TensorBuffer {
    let output = try site.makeOutput()
    site.builder.addForward(try Primitive.relu(site.input, to: output))
    return output
  }
}
