package import Tensors

/// A layer with its settings but without the values of its parameters.
///
/// A layer describes itself (shapes, parameters, cost) and compiles itself into the steps of a
/// program. The values of its parameters belong to the ``Network``.
package protocol Layer: Sendable {
  /// The class name in Keras, after which the layer's group in weight files is named.
  var kerasClass: String { get }

  /// Whether the output differs from one training step to the next for the same input.
  var isStochastic: Bool { get }

  /// The shape of one example's output; `nil` if the layer does not accept the inputs.
  func outputShape(of inputs: [ImageShape]) -> ImageShape?

  /// The parameters of the layer for an input of this shape, in Keras' order.
  func parameters(for input: ImageShape) -> [ParameterSpecification]

  /// The number of multiply-adds of the forward pass for one example.
  func multiplyAdds(for input: ImageShape, output: ImageShape) -> Int

  /// The number of multiply-adds of the gradients of the inputs for one example (default: that of
  /// the forward pass).
  func inputGradientMultiplyAdds(for input: ImageShape, output: ImageShape) -> Int

  /// The number of multiply-adds of the gradients of the parameters for one example (default: that
  /// of the forward pass).
  func parameterGradientMultiplyAdds(for input: ImageShape, output: ImageShape) -> Int

  /// The bytes of working memory of a training step beside activations, parameters and gradients,
  /// as far as they are known beforehand; layers that run one after another share them.
  ///
  /// - Parameter threads: the number of threads that share the step.
  func workingBytes(batch: Int, input: ImageShape, threads: Int) -> Int

  /// The bytes of what the layer holds in every program beside parameters, inputs and outputs, such
  /// as tables of constants (default: 0).
  func tableBytes(input: ImageShape) -> Int

  /// The bytes of the copies of a kernel that does not change, which a training program keeps
  /// beside the parameters (default: 0).
  ///
  /// - Parameter passesGradient: whether the program computes the gradient of the input.
  func keptKernelBytes(batch: Int, input: ImageShape, passesGradient: Bool) -> Int

  /// Adds the forward steps to a training program; the returned ``CompiledLayer`` adds the backward
  /// steps.
  func compile(_ context: TrainingContext) throws -> CompiledLayer

  /// Adds the layer's steps to an inference program and returns the buffer of the output.
  func compile(_ context: InferenceContext) throws -> TensorBuffer
}

extension Layer {
  package var isStochastic: Bool { false }
  package func parameters(for input: ImageShape) -> [ParameterSpecification] { [] }
  package func multiplyAdds(for input: ImageShape, output: ImageShape) -> Int { 0 }
  package func inputGradientMultiplyAdds(for input: ImageShape, output: ImageShape) -> Int {
    multiplyAdds(for: input, output: output)
  }
  package func parameterGradientMultiplyAdds(for input: ImageShape, output: ImageShape) -> Int {
    multiplyAdds(for: input, output: output)
  }
  package func workingBytes(batch: Int, input: ImageShape, threads: Int) -> Int { 0 }
  package func tableBytes(input: ImageShape) -> Int { 0 }
  package func keptKernelBytes(batch: Int, input: ImageShape, passesGradient: Bool) -> Int { 0 }
}

/// A layer inside a training program.
package struct CompiledLayer {
  /// The buffer to which the forward steps write the output.
  package let output: TensorBuffer
  /// The activations that the backward steps read; `nil` stands for the inputs, the output and all
  /// buffers that the layer created.
  package let kept: [TensorBuffer]?
  /// Adds the backward steps, given the gradient of the output; returns the gradient of each input,
  /// or `nil` for an input that needs none.
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
