package import Records

extension NetworkGraph {
  /// The parameters of some layers that stay frozen if only a part of each layer is trained,
  /// statistics of normalizations included.
  ///
  /// Layers that do not have the part are not among the layers with a trained parameter. In a
  /// network with additions to kernels, these are trained, and the part as well if it is not `all`.
  ///
  /// - Parameters:
  ///   - layers: names of layers with parameters; those of the head are trained as a whole.
  ///   - part: the parameters to train.
  /// - Returns: the layers with a parameter to train, and their other parameters.
  package func training(
    _ part: TrainedParameters, of layers: Set<String>
  ) -> (layers: Set<String>, frozen: Set<ParameterName>) {
    guard part != .all || hasAdditions else { return (layers, []) }
    var trained: Set<String> = []
    var frozen: Set<ParameterName> = []
    for node in nodes where layers.contains(node.name) {
      guard node.group != .head else {
        trained.insert(node.name)
        continue
      }
      var roles = part == .all ? [] : node.layer.roles(of: part)
      if let layer = node.layer as? any AdaptedLayer { roles.formUnion(layer.additionRoles) }
      guard node.parameters.contains(where: { roles.contains($0.role) }) else { continue }
      trained.insert(node.name)
      // A normalization whose scale is frozen keeps its statistics as well.
      let others = node.parameters.filter {
        !roles.contains($0.role) && ($0.kind == .weight || !roles.contains("gamma"))
      }
      frozen.formUnion(others.map { ParameterName(layer: node.name, role: $0.role) })
    }
    return (trained, frozen)
  }
}

extension Layer {
  /// The roles of the layer's parameters that belong to a part.
  fileprivate func roles(of part: TrainedParameters) -> Set<String> {
    let isNormalization = self is BatchNorm || self is LayerNorm
    switch part {
    case .all: return Set(["kernel", "bias", "gamma", "beta"])
    case .kernels: return isNormalization ? [] : ["kernel", "bias"]
    case .normalizations: return isNormalization ? ["gamma", "beta"] : []
    case .biases: return isNormalization ? ["beta"] : ["bias"]
    }
  }
}
