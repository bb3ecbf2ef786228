package import Tensors

/// The place in a training program where one layer compiles itself.
package struct TrainingSite {
  package let builder: ProgramBuilder
  package let node: NetworkGraph.Node
  package let inputs: [TensorBuffer]
  package let inputShapes: [ImageShape]
  /// Whether a batch normalization uses the batch's statistics and moves its own.
  package let usesBatchStatistics: Bool
  /// For each input, whether its gradient is wanted.
  package let wantsGradient: [Bool]
  /// A ReLU is the only reader of the output, so the layer may apply it itself.
  package let reluFollows: Bool
  package let store: ParameterStore
  package let randomness: StepRandomness

  package var inputShape: ImageShape { inputShapes[0] }
  package var input: TensorBuffer { inputs[0] }

  /// A new buffer for the output.
  package func makeOutput() throws -> TensorBuffer { try builder.activations(node.outputShape) }

  /// A new buffer for an input's gradient.
  package func makeInputGradient(_ index: Int = 0) throws -> TensorBuffer {
    try builder.activations(inputShapes[index])
  }

  /// A buffer for the gradient of an input that is as large as the output: the output's gradient
  /// itself where nobody else reads it, or a new one.
  package func makeInputGradient(over outputGradient: TensorBuffer) throws -> TensorBuffer {
    builder.isOnlyReader(of: outputGradient) ? outputGradient : try makeInputGradient()
  }

  package func parameter(
    _ role: String, layout: () throws -> TensorBuffer
  ) throws -> ParameterStore.Entry {
    guard let specification = node.parameters.first(where: { $0.role == role }) else {
      preconditionFailure("layer \(node.name) declares no parameter \(role)")
    }
    return try store.entry(
      ParameterName(layer: node.name, role: role), kind: specification.kind, layout: layout)
  }

  package func vectorParameter(_ role: String, count: Int) throws -> ParameterStore.Entry {
    try parameter(role) { try TensorBuffer.vector(count: count) }
  }
}

/// Where stochastic layers find the numbers of the current step.
///
/// A class because a program's layers read what its driver sets before each step.
package final class StepRandomness {
  package let seed: UInt64
  package var step: UInt64 = 0

  package init(seed: UInt64) { self.seed = seed }
}
