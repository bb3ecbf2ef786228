package import NeuralNetwork

/// What became of a file's tensors, and what its reader should know.
package struct LoadReport: Sendable, Hashable {
  /// A tensor of the file that filled a parameter.
  package struct Loaded: Sendable, Hashable {
    /// The place inside the file.
    package let source: String
    package let parameter: ParameterName
  }

  /// A tensor of the file that was left alone.
  package struct Unused: Sendable, Hashable {
    package let source: String
    package let reason: String
  }

  /// Layers of the model as its framework counts them; of a PyTorch file, layers of the network.
  package var layerCount = 0
  /// Numbers in the tensors that the model has, moving statistics included.
  package var parameterCount = 0
  package var loaded: [Loaded] = []
  package var unused: [Unused] = []
  /// Parameters that the file has nothing for, which start afresh; only where that was allowed.
  package var unfilled: [ParameterName] = []
  /// Where the network differs from the stored model, and what was assumed.
  package var notes: [String] = []

  package init() {}
}
