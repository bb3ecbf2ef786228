package import NeuralNetwork
package import TaskData
package import Tensors

extension Network {
  /// The same network for sequences of another length; a network for images stays as it is.
  package func reading(_ shape: ImageShape) throws -> Network {
    guard graph.tokenEmbedding != nil, shape.width != graph.inputShape.width else { return self }
    return try Network(graph: graph.reading(length: shape.width), parameters: parameters)
  }

  /// The tokens that the network reads; `nil` if it reads images.
  package var tokenInput: TokenInput? {
    graph.tokenEmbedding.map { embedding in
      TokenInput(
        vocabulary: embedding.vocabulary,
        types: graph.comparesTypes ? nil : embedding.types,
        largestLength: embedding.largestLength, padding: embedding.padding,
        allowsLeftPadding: embedding.largestLength == nil)
    }
  }
}
