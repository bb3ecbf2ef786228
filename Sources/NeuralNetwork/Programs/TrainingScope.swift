import Records

/// What training a set of layers implies for the other layers of a network.
///
/// All layers below the lowest trainable layer are the *frozen prefix*: it runs in inference mode,
/// including dropout of the backbone, and its output for an example never changes, so it may be
/// computed once. The layers above are the *suffix*; a frozen layer among them passes gradients on
/// and keeps its parameters and statistics.
package struct TrainingScope: Sendable {
  /// Names of the layers whose parameters change.
  package let trainableLayers: Set<String>
  /// Parameters of trainable layers that do not change.
  package let frozenParameters: Set<ParameterName>
  /// The weights that the optimizer changes.
  package let trainedWeights: Set<ParameterName>
  /// Names of the batch normalizations that use the statistics of the batch and update their own;
  /// the others use their moving statistics.
  package let batchStatisticsLayers: Set<String>
  /// Whether each node's output is fixed for a fixed input.
  package let isPrefix: [Bool]
  /// Whether the gradient of each node's output is needed.
  package let carriesGradient: [Bool]
  /// Positions of the prefix nodes (or ``NetworkGraph/input``) that the suffix reads, ascending.
  package let frontier: [Int]

  /// Determines the scope of training some layers of a graph.
  ///
  /// - Parameters:
  ///   - batchStatisticsLayers: names of the batch normalizations that use the statistics of the
  ///     batch (default: the trainable ones whose statistics are not among `frozenParameters`, so
  ///     that a frozen one does not drift).
  ///   - frozenParameters: parameters of trainable layers that do not change (default: none).
  /// - Throws: ``NetworkError`` for a name that is not a layer with parameters, and if nothing
  ///   would be trained.
  package init(
    graph: NetworkGraph, trainableLayers: Set<String>, batchStatisticsLayers: Set<String>? = nil,
    frozenParameters: Set<ParameterName> = []
  ) throws(NetworkError) {
    let known = graph.parameterLayers
    let named = trainableLayers.union(batchStatisticsLayers ?? [])
    if let unknown = named.subtracting(known).sorted().first {
      throw .unknownLayer(unknown, known: known)
    }
    guard !trainableLayers.isEmpty else { throw .nothingToTrain }
    self.trainableLayers = trainableLayers
    self.frozenParameters = frozenParameters
    let weights = graph.weights(in: trainableLayers, except: frozenParameters)
    let trainedWeights = Set(weights.map(\.name))
    self.trainedWeights = trainedWeights
    let keptStatistics = graph.parameters.filter {
      $0.specification.kind == .statistic && frozenParameters.contains($0.name)
    }
    self.batchStatisticsLayers =
      batchStatisticsLayers
      ?? trainableLayers.intersection(graph.batchNormLayers)
      .subtracting(keptStatistics.map(\.name.layer))

    var isPrefix: [Bool] = []
    var carries: [Bool] = []
    for node in graph.nodes {
      let below = node.inputs.filter { $0 != NetworkGraph.input }
      // A layer that has only statistics learns nothing, even if it is among the trainable layers.
      let learns = node.parameters.contains {
        trainedWeights.contains(ParameterName(layer: node.name, role: $0.role))
      }
      let carriesGradient = learns || below.contains { carries[$0] }
      carries.append(carriesGradient)
      isPrefix.append(
        !carriesGradient && !(node.layer.isStochastic && node.group == .head)
          && !self.batchStatisticsLayers.contains(node.name) && below.allSatisfy { isPrefix[$0] })
    }
    guard carries.contains(true) else { throw .nothingToTrain }
    self.isPrefix = isPrefix
    carriesGradient = carries

    let read = graph.nodes.indices.filter { !isPrefix[$0] }.flatMap { graph.nodes[$0].inputs }
    frontier = Set(read).filter { $0 == NetworkGraph.input || isPrefix[$0] }.sorted()
  }

  /// Whether there are layers below the frontier.
  package var hasPrefix: Bool { frontier != [NetworkGraph.input] }

  /// Whether a parameter is a weight that the optimizer changes.
  package func trains(_ parameter: ParameterSpecification, of node: NetworkGraph.Node) -> Bool {
    trainedWeights.contains(ParameterName(layer: node.name, role: parameter.role))
  }
}
