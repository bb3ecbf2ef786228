import NeuralNetwork
import Records

extension StrategyRun {
  /// The network to train, without values: with a new head, and with low-rank additions to the
  /// layers that are not frozen if the strategy has them.
  func trainedGraph(classes: Int) throws -> NetworkGraph {
    let graph = try model.graph(classes: classes, head: head)
    guard arm.strategy == .fineTuning, let adapters = arm.techniques.lowRank else { return graph }
    return try graph.adding(adapters, to: layers(of: graph, in: LayerGroup.backbone))
  }

  /// Checks that some layer that is not frozen has what the strategy trains.
  ///
  /// - Throws: `Failure` of kind `usage`.
  func checkPart(of graph: NetworkGraph) throws(Failure) {
    let techniques = arm.techniques
    guard arm.strategy == .fineTuning,
      techniques.trainedParameters != .all || techniques.lowRank != nil
    else { return }
    let backbone = layers(of: graph, in: LayerGroup.backbone)
    guard graph.training(techniques.trainedParameters, of: backbone).layers.isEmpty else { return }
    let (part, property) =
      techniques.lowRank == nil
      ? ("the \(techniques.trainedParameters.rawValue)", "trainedParameters")
      : ("low-rank additions to the kernels", "lowRank")
    throw Failure(
      .usage, "cannot train only \(part) of the \(model.architecture) network",
      because: "no layer that is not frozen has any",
      remedy: "Leave out `\(property)`, or choose another strategy.")
  }
}
