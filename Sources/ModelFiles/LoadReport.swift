package import NeuralNetwork

/// How a file's tensors were used, and what the user should know.
package struct LoadReport: Sendable, Hashable {
  /// A tensor of the file that filled a parameter.
  package struct Loaded: Sendable, Hashable {
    /// The path of the tensor inside the file.
    package let source: String
    package let parameter: ParameterName
  }

  /// A tensor of the file that was not used.
  package struct Unused: Sendable, Hashable {
    package let source: String
    package let reason: String
  }

  /// Layers of the model as its framework counts them; of a PyTorch file, layers of the network.
  package var layerCount = 0
  /// The number of values in the tensors of the model, moving statistics included.
  package var parameterCount = 0
  package var loaded: [Loaded] = []
  package var unused: [Unused] = []
  /// Parameters that the file has no tensor for, which are newly initialised; only if that was
  /// allowed.
  package var unfilled: [ParameterName] = []
  /// How the network differs from the stored model, and what was assumed.
  package var notes: [String] = []

  package init() {}
}
