import NeuralNetwork
import Records
import Tensors
import Testing

/// Groups by depth, on chains whose work per layer is known.
struct NetworkGraphGroupsTests {
  private static let input = ImageShape(height: 4, width: 4, channels: 1)

  /// Convolutions with as many filters as given, ReLUs in between, then a classifier.
  private func chain(_ filters: [Int], dropout: Bool = false) throws -> NetworkGraph {
    var graph = NetworkGraph(inputShape: Self.input)
    for (index, count) in filters.enumerated() {
      try graph.add("c\(index)", Conv2D(filters: count, kernelSize: 1), .late)
      try graph.add("r\(index)", ReLU(), .late)
    }
    try graph.add("flatten", Flatten(), .late)
    if dropout { try graph.add("drop", Dropout(rate: 0.5), .late) }
    try graph.add("logits", Dense(units: 3), .late)
    return graph
  }

  private func groups(_ graph: NetworkGraph) -> [String: LayerGroup] {
    Dictionary(uniqueKeysWithValues: graph.nodes.map { ($0.name, $0.group) })
  }

  /// Multiply-adds of 16 × (1·2, 2·2, 2·2, 2·1) = 2, 4, 4, 2 parts of 12: thirds end after c0 (2),
  /// c2 (10 > 8 is late) — c1 is done at 6 of 12.
  @Test func byWork() throws {
    let groups = groups(try chain([2, 2, 2, 1]).grouped(by: GroupBoundaries()))
    #expect(groups["c0"] == .early)
    #expect(groups["r0"] == .early)
    #expect(groups["c1"] == .middle)
    #expect(groups["c2"] == .late)
    #expect(groups["c3"] == .late)
    #expect(groups["flatten"] == .late)
    #expect(groups["logits"] == .head)
  }

  /// The first layer is early and the last is late, however the work is spread.
  @Test(arguments: [[64, 1], [1, 64], [8, 8]]) func ends(_ filters: [Int]) throws {
    let groups = groups(try chain(filters).grouped(by: GroupBoundaries()))
    #expect(groups["c0"] == .early)
    #expect(groups["c1"] == .late)
  }

  /// Dropout before the classifier goes with it.
  @Test func dropoutOfHead() throws {
    let groups = groups(try chain([2, 2], dropout: true).grouped(by: GroupBoundaries()))
    #expect(groups["drop"] == .head)
    #expect(groups["flatten"] == .late)
  }

  /// A network that does not end with a dense layer has no head.
  @Test func withoutHead() throws {
    var graph = NetworkGraph(inputShape: Self.input)
    try graph.add("c0", Conv2D(filters: 2, kernelSize: 1), .late)
    try graph.add("pool", GlobalAveragePool2D(), .late)
    #expect(!groups(try graph.grouped(by: GroupBoundaries())).values.contains(.head))
  }

  /// A squeeze-and-excitation block: the dense layer's output multiplies another branch.
  private func excitation() throws -> NetworkGraph {
    var graph = NetworkGraph(inputShape: Self.input)
    let maps = try graph.add("maps", Conv2D(filters: 4, kernelSize: 1), .late)
    try graph.add("squeeze", GlobalAveragePool2D(), .late)
    let weights = try graph.add("excite", Dense(units: 4), .late)
    try graph.add("scale", Multiply(), .late, after: [maps, weights])
    return graph
  }

  /// The last dense layer is no classifier where another branch leads around it.
  @Test func branchAroundDense() throws {
    #expect(!groups(try excitation().grouped(by: GroupBoundaries())).values.contains(.head))
  }

  /// A cut by name that a branch leads around is an error.
  @Test func cutThroughBranch() throws {
    let error = #expect(throws: NetworkError.self) {
      try excitation().grouped(by: GroupBoundaries(head: .from("excite")))
    }
    #expect(error?.description.contains("'scale' in the head reads 'maps'") == true)
  }

  /// A dense layer whose output becomes maps is no classifier.
  @Test func denseToMaps() throws {
    var graph = NetworkGraph(inputShape: Self.input)
    try graph.add("flatten", Flatten(), .late)
    try graph.add("dense", Dense(units: 16), .late)
    try graph.add("maps", Reshape(to: Self.input), .late)
    try graph.add("up", UpSampling2D(size: Size2D(2)), .late)
    #expect(!groups(try graph.grouped(by: GroupBoundaries())).values.contains(.head))
  }

  /// A convolution of one pixel is a dense layer in all but name, with what rearranges its output.
  @Test func convolutionOfPixel() throws {
    var graph = NetworkGraph(inputShape: Self.input)
    try graph.add("pool", GlobalAveragePool2D(), .late)
    try graph.add("drop", Dropout(rate: 0.5), .late)
    try graph.add("classes", Conv2D(filters: 5, kernelSize: 1), .late)
    try graph.add("reshape", Flatten(), .late)
    let groups = groups(try graph.grouped(by: GroupBoundaries()))
    #expect(groups == ["pool": .early, "drop": .head, "classes": .head, "reshape": .head])
  }

  /// Averaged maps are those of classes where a softmax follows; otherwise they are features.
  @Test(arguments: [true, false]) func averagedMaps(endsInSoftmax: Bool) throws {
    var graph = NetworkGraph(inputShape: Self.input)
    try graph.add("c0", Conv2D(filters: 2, kernelSize: 1), .late)
    try graph.add("classes", Conv2D(filters: 5, kernelSize: 3), .late)
    try graph.add("pool", GlobalAveragePool2D(), .late)
    let groups = groups(
      try graph.grouped(by: GroupBoundaries(), endsInSoftmax: endsInSoftmax))
    #expect(groups["c0"] == .early)
    #expect(groups["classes"] == (endsInSoftmax ? .head : .late))
    #expect(groups["pool"] == (endsInSoftmax ? .head : .late))
  }

  /// Boundaries by name take precedence.
  @Test func named() throws {
    let boundaries = GroupBoundaries(middle: "c2", late: "c3", head: .from("flatten"))
    let groups = groups(try chain([2, 2, 2, 1]).grouped(by: boundaries))
    #expect(groups["r1"] == .early)
    #expect(groups["c2"] == .middle)
    #expect(groups["c3"] == .late)
    #expect(groups["flatten"] == .head)
  }

  /// No head where none is wanted.
  @Test func headKept() throws {
    let groups = groups(try chain([2, 2]).grouped(by: GroupBoundaries(head: .none)))
    #expect(groups["logits"] == .late)
  }

  /// Names that are no layers, and boundaries out of order, are errors.
  @Test func refused() throws {
    let graph = try chain([2, 2])
    #expect(throws: NetworkError.self) { try graph.grouped(by: GroupBoundaries(middle: "c9")) }
    let error = #expect(throws: NetworkError.self) {
      try graph.grouped(by: GroupBoundaries(middle: "c1", late: "c0"))
    }
    #expect(
      error?.description
        == "the groups begin at c1, c0, logits, which is not the order of the layers")
  }

  /// The backbone is what lies below the head, with its layers and groups.
  @Test func backbone() throws {
    let graph = try chain([2, 2]).grouped(by: GroupBoundaries())
    let backbone = try graph.backbone
    #expect(backbone.nodes.map(\.name) == ["c0", "r0", "c1", "r1", "flatten"])
    #expect(backbone.nodes.map(\.group) == graph.nodes.dropLast().map(\.group))
    #expect(backbone.outputShape == ImageShape(height: 1, width: 1, channels: 32))
  }
}
