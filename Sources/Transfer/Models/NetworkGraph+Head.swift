import NeuralNetwork
import Records
import Tensors

extension NetworkGraph {
  /// Adds the new layers of a task: pooling to one vector if the network ends in maps, then the
  /// hidden layer and dropout of the design, then the logits.
  ///
  /// - Throws: `Failure` for fewer than two classes.
  mutating func addHead(_ design: HeadDesign, classes: Int) throws {
    guard classes >= 2 else {
      throw Failure(
        .badData, "cannot build the network",
        because: "there \(classes == 1 ? "is one class" : "are no classes"); it needs at least two")
    }
    let needsTokenPool = tokenEmbedding != nil && !nodes.contains { $0.layer is TokenPool }
    guard design.pooling == nil || needsTokenPool || outputShape.height * outputShape.width > 1
    else {
      throw Failure(
        .usage, "cannot pool the features",
        because: "the network already yields one vector per example",
        remedy: "Leave out `pooling`.")
    }
    if needsTokenPool {
      try addTokenPool(design.pooling ?? .average)
    } else if design.after != nil, design.pooling == nil {
      try addGrid()
    } else if outputShape.height * outputShape.width > 1 {
      switch design.pooling ?? .average {
      case .average: try add(freeName("head_pool"), GlobalAveragePool2D(), .head)
      case .maximum: try add(freeName("head_pool"), GlobalMaxPool2D(), .head)
      case .flatten: try add(freeName("head_flatten"), Flatten(), .head)
      case .first, .last:
        throw Failure(
          .usage, "cannot pool the features", because: "images have no first or last token",
          remedy: "Give another `pooling`.")
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

  /// Pools the tokens of a text to one vector.
  private mutating func addTokenPool(_ pooling: FeaturePooling) throws {
    let kind: TokenKernels.Pool =
      switch pooling {
      case .average: .mean
      case .maximum: .maximum
      case .first: .first
      case .last: .last
      case .flatten:
        throw Failure(
          .usage, "cannot pool the features",
          because: "texts have different numbers of tokens, which cannot be flattened",
          remedy: "Leave out `pooling`, or give average, maximum, first or last.")
      }
    try add(
      freeName("head_pool"), TokenPool(kind), .head, after: [nodes.count - 1, NetworkGraph.input])
  }

  /// Flattens the maps of an earlier group; maps of more than 2,048 values are first averaged over
  /// windows to a grid of at most as many, or to one value per channel.
  ///
  /// Goyal, Mahajan, Gupta and Misra, "Scaling and Benchmarking Self-Supervised Visual
  /// Representation Learning", ICCV 2019, average to about 9,000 values.
  private mutating func addGrid() throws {
    let (shape, limit) = (outputShape, 2048)
    guard shape.height * shape.width > 1 else { return }
    func cells(_ side: Int, _ window: Int) -> Int { (side + window - 1) / window }
    let window = (1...max(shape.height, shape.width)).first {
      cells(shape.height, $0) * cells(shape.width, $0) * shape.channels <= limit
    }
    let size = Size2D(window ?? max(shape.height, shape.width))
    if size != 1 {
      try add(
        freeName("head_pool"), AveragePool2D(poolSize: size, strides: size, padding: .same), .head)
    }
    try add(freeName("head_flatten"), Flatten(), .head)
  }

  /// The name itself, or with a number appended if the backbone has a layer of that name.
  private func freeName(_ name: String) -> String {
    let taken = Set(nodes.map(\.name))
    guard taken.contains(name) else { return name }
    return (1...nodes.count + 1).lazy.map { "\(name)_\($0)" }.first { !taken.contains($0) } ?? name
  }

  /// The position after the last layer of a group that is the only one of its input and outputs
  /// that later layers read; the end of the group if there is none.
  ///
  /// - Precondition: the graph has no head.
  private func end(of group: LayerGroup) -> Int {
    let end = nodes.firstIndex { $0.group > group } ?? nodes.count
    // The lowest position that layers from each position on read.
    var lowest = nodes.count
    var cut: Int?
    for position in nodes.indices.reversed() {
      if nodes[position].group == group, cut == nil, lowest >= position { cut = position + 1 }
      lowest = min(lowest, nodes[position].inputs.min() ?? lowest)
    }
    return cut ?? end
  }

  /// The structure for another task: the backbone, with the momentum of its batch normalizations
  /// limited to 0.9, and a new head, which may leave out later groups.
  ///
  /// With a larger momentum, such as Keras' default of 0.99, the moving statistics would hardly
  /// leave their initial values within the few steps of training from scratch on a small dataset.
  func withNewHead(_ design: HeadDesign, classes: Int) throws -> NetworkGraph {
    let backbone = try backbone
    let end = (design.after?.group).map(backbone.end(of:)) ?? backbone.nodes.count
    var graph = try backbone.rebuilt(upTo: end) { _, node in
      guard let norm = node.layer as? BatchNorm, norm.momentum > BatchNorm().momentum else {
        return (node.layer, node.group)
      }
      return (norm.with(momentum: BatchNorm().momentum), node.group)
    }
    try graph.addHead(design, classes: classes)
    return graph
  }
}
