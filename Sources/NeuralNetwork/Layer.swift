package import Tensors

/// A kind of layer with its settings: what it computes, without its parameters.
///
/// A layer describes itself (shapes, parameters, cost) and compiles itself into the steps of a
/// program. It holds no numbers: those are the network's.
package protocol Layer: Sendable {
  /// The class name in Keras, which names the layer's group in weight files.
  var kerasClass: String { get }

  /// Whether the output differs from one training step to the next for the same input.
  var isStochastic: Bool { get }

  /// The shape of one example's output, or `nil` where the layer does not accept the inputs.
  func outputShape(of inputs: [ImageShape]) -> ImageShape?

  /// The parameters that the layer has for an input of this shape, in Keras' order.
  func parameters(for input: ImageShape) -> [ParameterSpecification]

  /// Multiplications with addition that one example costs in the forward pass.
  func multiplyAdds(for input: ImageShape, output: ImageShape) -> Int

  /// Adds the layer's forward steps to a training program; the result knows the way back.
  func compile(_ site: TrainingSite) throws -> CompiledLayer

  /// Adds the layer's steps to an inference program and returns where the output will be.
  func compile(_ site: InferenceSite) throws -> TensorBuffer
}

extension Layer {
  package var isStochastic: Bool { false }
  package func parameters(for input: ImageShape) -> [ParameterSpecification] { [] }
  package func multiplyAdds(for input: ImageShape, output: ImageShape) -> Int { 0 }
}

/// A layer inside a training program.
package struct CompiledLayer {
  /// Where the forward steps leave the output.
  package let output: TensorBuffer
  /// The activations that the backward steps read; `nil` for the inputs, the output and all that the
  /// layer has made.
  package let kept: [TensorBuffer]?
  /// Adds the backward steps, given the gradient of the output; yields the gradient of each input,
  /// `nil` where none is needed.
  package let backward: (TensorBuffer) throws -> [TensorBuffer?]

  package init(
    output: TensorBuffer, keeping kept: [TensorBuffer]? = nil,
    backward: @escaping (TensorBuffer) throws -> [TensorBuffer?]
  ) {
    self.output = output
    self.kept = kept
    self.backward = backward
  }
}
