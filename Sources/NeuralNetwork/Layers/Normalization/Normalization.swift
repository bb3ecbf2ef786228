package import Tensors

/// (x - mean) / max(sqrt(variance), 1e-7) per channel, as Keras' `Normalization` along the last
/// axis.
///
/// Mean and variance are those of the data that the network was made for; they are never trained.
package struct Normalization: Layer, Hashable {
  package init() {}

  package var kerasClass: String { "Normalization" }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    inputs.count == 1 ? inputs[0] : nil
  }

  package func parameters(for input: ImageShape) -> [ParameterSpecification] {
    let shape = [input.channels]
    return [
      ParameterSpecification("mean", shape: shape, startingAt: .zeros, kind: .statistic),
      ParameterSpecification("variance", shape: shape, startingAt: .ones, kind: .statistic),
    ]
  }

  private func affine(mean: [Float], variance: [Float]) -> ChannelAffine {
    ChannelAffine(
      center: mean, scale: variance.map { 1 / max($0.squareRoot(), 1e-7) },
      offset: mean.map { _ in 0 })
  }

  package func compile(_ context: TrainingContext) throws -> CompiledLayer {
    let channels = context.inputShape.channels
    let mean = try context.vectorParameter("mean", count: channels).value.unpack()
    let variance = try context.vectorParameter("variance", count: channels).value.unpack()
    return try context.compile(affine(mean: mean, variance: variance))
  }

  package func compile(_ context: InferenceContext) throws -> TensorBuffer {
    try context.compile(
      affine(mean: context.values("mean"), variance: context.values("variance")))
  }
}
