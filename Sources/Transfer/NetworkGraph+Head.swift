import NeuralNetwork
import Records

extension NetworkGraph {
  /// Adds the new layers of a task: maps become a vector, then hidden layer and dropout as designed,
  /// then the logits.
  ///
  /// - Throws: `Failure` for fewer than two classes.
  mutating func addHead(_ design: HeadDesign, classes: Int) throws {
    guard classes >= 2 else {
      throw Failure(
        .badData, "cannot build the network",
        because: "there is \(classes == 1 ? "one class" : "no class"), and it needs at least two")
    }
    guard design.pooling == nil || outputShape.height * outputShape.width > 1 else {
      throw Failure(
        .usage, "cannot pool the features",
        because: "the network yields one vector per image by itself",
        remedy: "Leave out --pooling (in a plan or the library: the head's pooling).")
    }
    if outputShape.height * outputShape.width > 1 {
      switch design.pooling ?? .average {
      case .average: try add(freeName("head_pool"), GlobalAveragePool2D(), .head)
      case .maximum: try add(freeName("head_pool"), GlobalMaxPool2D(), .head)
      case .flatten: try add(freeName("head_flatten"), Flatten(), .head)
      }
    }
    if let units = design.hiddenUnits {
      try add(freeName("head_hidden"), Dense(units: units), .head)
      try add(freeName("head_relu"), ReLU(), .head)
    }
    if design.dropout > 0 {
      try add(freeName("head_dropout"), Dropout(rate: Float(design.dropout)), .head)
    }
    try add(freeName("head"), Dense(units: classes), .head)
  }

  /// The name, or one like it where the backbone has a layer of that name.
  private func freeName(_ name: String) -> String {
    let taken = Set(nodes.map(\.name))
    guard taken.contains(name) else { return name }
    return (1...nodes.count + 1).lazy.map { "\(name)_\($0)" }.first { !taken.contains($0) } ?? name
  }

  /// The structure for another task: the backbone with normalizations that follow small training
  /// sets, and a new head.
  ///
  /// Statistics that move by less than a tenth per step, as Keras' default of a hundredth, would
  /// hardly leave their start within the steps that a small set allows from scratch.
  func withNewHead(_ design: HeadDesign, classes: Int) throws -> NetworkGraph {
    var graph = try backbone.rebuilt { _, node in
      guard let norm = node.layer as? BatchNorm, norm.momentum > BatchNorm().momentum else {
        return (node.layer, node.group)
      }
      return (norm.with(momentum: BatchNorm().momentum), node.group)
    }
    try graph.addHead(design, classes: classes)
    return graph
  }
}
