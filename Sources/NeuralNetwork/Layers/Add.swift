package import Tensors

/// The sum of two inputs of one shape: the joint of a residual block.
package struct Add: Layer {
  package init() {}

  package var kerasClass: String { "Add" }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    inputs.count == 2 && inputs[0] == inputs[1] ? inputs[0] : nil
  }

  package func compile(_ site: TrainingSite) throws -> CompiledLayer {
    let output = try site.makeOutput()
    site.builder.addForward(try Primitive.sum(site.inputs[0], site.inputs[1], to: output))
    return CompiledLayer(output: output) { outputGradient in
      // Both inputs share the output's gradient; nobody writes to a gradient that is not new.
      site.wantsGradient.map { $0 ? outputGradient : nil }
    }
  }

  package func compile(_ site: InferenceSite) throws -> TensorBuffer {
    let output = try site.makeOutput()
    site.builder.addForward(
      try Primitive.sum(
        site.inputs[0], site.inputs[1], to: output, thenReLU: site.appliesReLU))
    return output
  }
}
