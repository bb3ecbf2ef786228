package import NeuralNetwork
package import Tensors

/// What a caller knows about a model that its file may not say.
package struct ModelReadingOptions: Sendable {
  /// The structure of a file that holds weights alone; ignored if the file has its own structure.
  package var architecture: NamedArchitecture?
  /// The structure as a graph, instead of ``architecture``.
  package var graph: NetworkGraph?
  /// The structure as Keras describes it, instead of ``architecture`` and ``graph``.
  package var structure: ModelStructure?
  /// The shape of the images, if the file leaves it open; it may also replace the file's, as long
  /// as every tensor still fits.
  package var inputShape: ImageShape?
  /// Whether unused tensors and parameters without a tensor are listed instead of refused.
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
