package import NeuralNetwork
package import Tensors

/// What a reader is told where a file does not say it.
package struct ModelReadingOptions: Sendable {
  /// The structure of files that hold weights alone; a file that carries its own goes by that.
  package var architecture: NamedArchitecture?
  /// A ready structure, instead of `architecture`.
  package var graph: NetworkGraph?
  /// The structure as Keras describes it, instead of both.
  package var structure: ModelStructure?
  /// The images' shape, where the file leaves it open; it may also replace the file's, as long as
  /// every tensor still fits.
  package var inputShape: ImageShape?
  /// Whether tensors without a place and parameters without a tensor are listed instead of refused.
  package var allowPartial: Bool

  package init(
    architecture: NamedArchitecture? = nil, graph: NetworkGraph? = nil,
    structure: ModelStructure? = nil, inputShape: ImageShape? = nil, allowPartial: Bool = false
  ) {
    self.structure = structure
    self.architecture = architecture
    self.graph = graph
    self.inputShape = inputShape
    self.allowPartial = allowPartial
  }
}
