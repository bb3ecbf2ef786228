import NeuralNetwork
import Records

extension StrategyRun {
  /// The network to train, without values: with a new head, and with additions to the kernels of
  /// the layers that are not frozen if the strategy has them.
  func trainedGraph(classes: Int) throws -> NetworkGraph {
    let graph = try model.graph(classes: classes, head: head)
    guard arm.strategy == .fineTuning else { return graph }
    let layers = layers(of: graph, in: LayerGroup.backbone)
    if let adapters = arm.techniques.lowRank { return try graph.adding(adapters, to: layers) }
    return arm.techniques.residualAdapters ? try graph.addingResidualAdapters(to: layers) : graph
  }

  /// Checks that some layer that is not frozen has what the strategy trains.
  ///
  /// - Throws: `Failure` of kind `usage`.
  func checkPart(of graph: NetworkGraph) throws(Failure) {
    guard arm.strategy == .fineTuning, let (part, property) = missingPart(of: graph) else { return }
    throw Failure(
      .usage, "cannot train only \(part) of the \(model.architecture) network",
      because: "no layer that is not frozen has any",
      remedy: "Leave out `\(property)`, or choose another strategy.")
  }

  /// What the strategy trains and the network does not have, and the property that asks for it.
  private func missingPart(of graph: NetworkGraph) -> (part: String, property: String)? {
    let techniques = arm.techniques
    if !graph.hasAdditions, techniques.lowRank != nil {
      return ("low-rank additions to the kernels", "lowRank")
    }
    if !graph.hasAdditions, techniques.residualAdapters {
      return ("residual adapters", "residualAdapters")
    }
    let backbone = layers(of: graph, in: LayerGroup.backbone)
    guard techniques.trainedParameters != .all,
      graph.training(techniques.trainedParameters, of: backbone).layers.isEmpty
    else { return nil }
    return ("the \(techniques.trainedParameters.rawValue)", "trainedParameters")
  }
}
