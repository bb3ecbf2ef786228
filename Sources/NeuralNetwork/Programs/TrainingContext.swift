package import Tensors

/// The context in which a layer compiles itself into a training program.
package struct TrainingContext {
  package let builder: ProgramBuilder
  package let node: NetworkGraph.Node
  package let inputs: [TensorBuffer]
  package let inputShapes: [ImageShape]
  /// Whether a batch normalization uses the statistics of the batch and updates its own.
  package let usesBatchStatistics: Bool
  /// For each input, whether its gradient is needed.
  package let wantsGradient: [Bool]
  /// Whether the output may take the place of the first input in memory: no other layer reads that
  /// input, nor does the backward step of the layer that computes it.
  package let mayOverwriteInput: Bool
  /// The work of the layers after a batch normalization that it must do itself.
  package let follower: NormalizationFollower
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

  /// A buffer for the gradient of an input that is as large as the output: the buffer of the
  /// output's gradient if no other layer reads it, or a new one.
  package func makeInputGradient(over outputGradient: TensorBuffer) throws -> TensorBuffer {
    builder.isOnlyReader(of: outputGradient) ? outputGradient : try makeInputGradient()
  }

  package func parameter(
    _ role: String, layout: () throws -> TensorBuffer
  ) throws -> ParameterStore.Entry {
    precondition(
      node.parameters.contains { $0.role == role },
      "layer \(node.name) declares no parameter \(role)")
    return try store.entry(ParameterName(layer: node.name, role: role), layout: layout)
  }

  package func vectorParameter(_ role: String, count: Int) throws -> ParameterStore.Entry {
    try parameter(role) { try TensorBuffer.vector(count: count) }
  }
}

/// The seed and the step number from which stochastic layers draw.
///
/// A class because the program sets the step number, which its layers read.
package final class StepRandomness {
  package let seed: UInt64
  package var step: UInt64 = 0

  package init(seed: UInt64) { self.seed = seed }
}
