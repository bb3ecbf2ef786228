import NeuralNetwork
import Records
import Testing
import Transfer

/// Which layers fine-tuning changes, and at which rates.
struct LibraryFineTunerTests {
  /// Trains two steps, of which the first has the peak rates and the second hardly any.
  private func trained(_ tuner: FineTuner) throws -> (start: Network, end: Network) {
    var tuner = tuner
    tuner.techniques.headFirst = 0
    try tuner.train(on: LibrarySample.images(64), epochs: 1)
    let start = try tuner.baseModel.withNewHead(
      classes: 3, head: tuner.techniques.head, seed: 0)
    return (start, try #require(tuner.core.network))
  }

  /// The named layers and the head change; every other tensor keeps its bits, moving statistics
  /// included.
  @Test(
    arguments: [
      ["block3_conv2"], ["block3_bn2"], ["block1_conv1", "block2_bn1"], [],
    ])
  func namedLayers(layers: [String]) throws {
    let (start, end) = try trained(
      FineTuner(
        baseModel: LibrarySample.model(), classCount: 3, layersToUnfreeze: layers))
    #expect(end.changes(from: start) == end.names(of: layers + ["head"]))
  }

  /// By default the layers are those that the model does not have frozen.
  @Test func frozenModel() throws {
    var model = try LibrarySample.model()
    model.freeze()
    try model.unfreeze(.late)
    let tuner = try FineTuner(baseModel: model, classCount: 3)
    let late = model.network.graph.parameterLayers(in: [.late])
    #expect(tuner.layersToUnfreeze == Set(late))
    let (start, end) = try trained(tuner)
    #expect(end.changes(from: start) == end.names(of: late + ["head"]))
  }

  /// The history names the layers that were trained.
  @Test func trainedLayers() throws {
    var tuner = try FineTuner(
      baseModel: LibrarySample.model(), classCount: 3, layersToUnfreeze: ["block3_conv2"])
    let history = try tuner.train(on: LibrarySample.images(32), epochs: 2)
    #expect(history.trainedLayers == ["block3_conv2", "head"])
    #expect(history.learningRates == LearningRates(early: 0, middle: 0, late: 1e-4, head: 1e-3))
  }

  /// A layer to unfreeze that does not exist is an error that lists those that do.
  @Test(arguments: ["block1", "head", "block1_relu1"]) func unknownLayer(name: String) throws {
    let model = try LibrarySample.model()
    #expect(
      libraryError {
        _ = try FineTuner(baseModel: model, classCount: 3, layersToUnfreeze: [name])
      } == .unknownLayer(name, known: model.layerNames))
  }

  /// The first step of Adam moves weights by the rate: each layer by its group's.
  @Test func groupRates() throws {
    var tuner = try FineTuner(baseModel: LibrarySample.model(), classCount: 3)
    let rates: [LayerGroup: Double] = [.early: 1e-3, .middle: 2e-3, .late: 4e-3, .head: 8e-3]
    for (group, rate) in rates { try tuner.setLearningRate(rate, for: group) }
    let (start, end) = try trained(tuner)
    for node in end.graph.nodes where !node.parameters.isEmpty {
      let ratio = end.largestChange(of: node.name, from: start) / (rates[node.group] ?? 0)
      #expect(abs(ratio - 1) < 0.01, "\(node.name): \(ratio)")
    }
  }

  /// The default rates are 1e-3 for the head and 0.01, 0.1 and 0.1 of it below.
  @Test func defaultRates() throws {
    let tuner = try FineTuner(baseModel: LibrarySample.model(), classCount: 3)
    #expect(
      tuner.learningRates == LearningRates(early: 1e-5, middle: 1e-4, late: 1e-4, head: 1e-3))
    let (start, end) = try trained(tuner)
    let change = { end.largestChange(of: $0, from: start) }
    #expect(abs(change("block2_conv1") / change("head") - 0.1) < 0.005)
    #expect(abs(change("block1_conv1") / change("head") - 0.01) < 0.001)
  }

  /// A layer's own rate takes precedence over its group's, and touches no other layer.
  @Test func layerRate() throws {
    var tuner = try FineTuner(baseModel: LibrarySample.model(), classCount: 3)
    try tuner.setLearningRate(1e-3, for: .late)
    try tuner.setLearningRate(5e-3, forLayer: "block3_conv1")
    let (start, end) = try trained(tuner)
    #expect(abs(end.largestChange(of: "block3_conv1", from: start) / 5e-3 - 1) < 0.01)
    #expect(abs(end.largestChange(of: "block3_conv2", from: start) / 1e-3 - 1) < 0.01)
  }

  /// The factor on all rates counts for layers with a rate of their own too.
  @Test func rateFactor() throws {
    var tuner = try FineTuner(baseModel: LibrarySample.model(), classCount: 3)
    try tuner.setLearningRate(1e-3, for: .late)
    try tuner.setLearningRate(2e-3, forLayer: "block3_conv1")
    tuner.techniques.rateFactor = 3
    let (start, end) = try trained(tuner)
    #expect(abs(end.largestChange(of: "block3_conv1", from: start) / 6e-3 - 1) < 0.01)
    #expect(abs(end.largestChange(of: "block3_conv2", from: start) / 3e-3 - 1) < 0.01)
  }

  /// The rate of a frozen layer or group is an error and changes nothing.
  @Test func frozenRates() throws {
    var tuner = try FineTuner(
      baseModel: LibrarySample.model(), classCount: 3, layersToUnfreeze: ["block3_bn2"])
    #expect(
      libraryError { try tuner.setLearningRate(1, forLayer: "block1_conv1") }
        == .frozenLayer("block1_conv1", trained: ["block3_bn2", "head"]))
    #expect(libraryError { try tuner.setLearningRate(1, for: .early) } == .frozenGroup(.early))
    #expect(tuner.layerRates.isEmpty && tuner.learningRates == .discriminative)
  }

  /// So is the rate of a layer that does not exist.
  @Test(arguments: ["block9", "head_hidden"]) func unknownRate(name: String) throws {
    var tuner = try FineTuner(
      baseModel: LibrarySample.model(), classCount: 3, layersToUnfreeze: ["block3_bn2"])
    #expect(
      libraryError { try tuner.setLearningRate(1, forLayer: name) }
        == .unknownLayer(name, known: ["block3_bn2", "head"]))
  }

  /// And one that is not positive.
  @Test(arguments: [0, -1, .infinity, .nan]) func invalidRate(rate: Double) throws {
    var tuner = try FineTuner(baseModel: LibrarySample.model(), classCount: 3)
    for error in [
      libraryError { try tuner.setLearningRate(rate, forLayer: "head") },
      libraryError { try tuner.setLearningRate(rate, for: .late) },
    ] {
      guard case .invalidLearningRate? = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
  }

  /// The hidden layer of the head has a rate while there is such a layer.
  @Test func hiddenLayerRate() throws {
    var tuner = try FineTuner(
      baseModel: LibrarySample.model(), classCount: 3, layersToUnfreeze: [])
    tuner.techniques.head.hiddenUnits = 8
    try tuner.setLearningRate(7e-3, forLayer: "head_hidden")
    let (start, end) = try trained(tuner)
    #expect(abs(end.largestChange(of: "head_hidden", from: start) / 7e-3 - 1) < 0.01)
    tuner.techniques.head.hiddenUnits = nil
    #expect(
      libraryError { try tuner.train(on: LibrarySample.images(32)) }
        == .unknownLayer("head_hidden", known: ["head"]))
  }
}
