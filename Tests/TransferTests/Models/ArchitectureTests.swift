import NeuralNetwork
import Records
import Tensors
import Testing
import Transfer

/// The three networks: their layers, their sizes and the images that they take.
struct ArchitectureTests {
  private static let tile = ImageShape(height: 16, width: 16, channels: 1)

  /// The simple network's layers, in order.
  @Test func simpleLayers() throws {
    let graph = try Architecture.simple.graph(inputShape: Self.tile, classes: 10)
    #expect(
      graph.nodes.map(\.name) == [
        "block1_conv1", "block1_bn1", "block1_relu1", "block1_conv2", "block1_bn2",
        "block1_relu2", "block1_pool", "block2_conv1", "block2_bn1", "block2_relu1",
        "block2_conv2", "block2_bn2", "block2_relu2", "block2_pool", "flatten", "head",
      ])
  }

  /// The simple network's second block is cut in two, so that no group is empty.
  @Test func simpleGroups() throws {
    let graph = try Architecture.simple.graph(inputShape: Self.tile, classes: 10)
    #expect(
      graph.parameterLayers(in: [.early]) == [
        "block1_conv1", "block1_bn1", "block1_conv2", "block1_bn2",
      ])
    #expect(graph.parameterLayers(in: [.middle]) == ["block2_conv1", "block2_bn1"])
    #expect(graph.parameterLayers(in: [.late]) == ["block2_conv2", "block2_bn2"])
  }

  /// The medium network has a group per block.
  @Test func mediumGroups() throws {
    let graph = try Architecture.medium.graph(inputShape: Self.tile, classes: 10)
    for (group, block) in zip(LayerGroup.backbone, ["block1", "block2", "block3"]) {
      #expect(
        graph.parameterLayers(in: [group]) == [
          "\(block)_conv1", "\(block)_bn1", "\(block)_conv2", "\(block)_bn2",
        ])
    }
  }

  /// The deep network has a group per stage, and the stem is early.
  @Test func deepGroups() throws {
    let graph = try Architecture.deep.graph(inputShape: Self.tile, classes: 10)
    let early = graph.parameterLayers(in: [.early])
    #expect(early.prefix(2) == ["stem_conv", "stem_bn"])
    #expect(early.dropFirst(2).allSatisfy { $0.hasPrefix("stage1_") })
    for (group, stage) in [(LayerGroup.middle, "stage2"), (.late, "stage3")] {
      #expect(
        graph.parameterLayers(in: [group]) == [
          "\(stage)_block1_conv1", "\(stage)_block1_bn1", "\(stage)_block1_conv2",
          "\(stage)_block1_bn2", "\(stage)_block1_projection_conv",
          "\(stage)_block1_projection_bn", "\(stage)_block2_conv1", "\(stage)_block2_bn1",
          "\(stage)_block2_conv2", "\(stage)_block2_bn2",
        ])
    }
  }

  /// The head is one dense layer and the only one of its group.
  @Test(arguments: Architecture.allCases) func head(architecture: Architecture) throws {
    let graph = try architecture.graph(inputShape: Self.tile, classes: 10)
    #expect(graph.nodes.filter { $0.group == .head }.map(\.name) == ["head"])
    #expect(graph.outputShape == ImageShape(height: 1, width: 1, channels: 10))
  }

  /// Weights counted by hand, for 16×16×1 images and ten classes.
  ///
  /// A block of f filters on c channels has 9cf + 9ff weights in kernels and 4f in normalizations.
  /// - simple: 2,512 + 13,952, head 4·4·32·10 + 10.
  /// - medium: 2,512 + 13,952 + 55,552, head 2·2·64·10 + 10.
  /// - deep: stem 176; stages 9,344, 33,088 (512 of them in the projection) and 131,712 (2,048);
  ///   head 64·10 + 10.
  @Test(arguments: [
    (Architecture.simple, 21_594), (.medium, 74_586), (.deep, 174_970),
  ]) func weightCount(architecture: Architecture, expected: Int) throws {
    let graph = try architecture.graph(inputShape: Self.tile, classes: 10)
    #expect(Network(graph: graph, seed: 1).weightCount() == expected)
  }

  /// Four, six and fifteen convolutions.
  @Test(arguments: [(Architecture.simple, 4), (.medium, 6), (.deep, 15)])
  func convolutions(architecture: Architecture, expected: Int) throws {
    let graph = try architecture.graph(inputShape: Self.tile, classes: 10)
    #expect(graph.nodes.filter { $0.layer is Conv2D }.count == expected)
  }

  /// The deep network's six sums add values of one shape, projected where the shape changes.
  @Test(arguments: [8, 9, 16, 33]) func residualShapes(side: Int) throws {
    let shape = ImageShape(height: side, width: side + 3, channels: 3)
    let graph = try Architecture.deep.graph(inputShape: shape, classes: 10)
    let sums = graph.nodes.filter { $0.layer is Add }
    #expect(sums.count == 6)
    #expect(sums.allSatisfy { graph.shape(at: $0.inputs[0]) == graph.shape(at: $0.inputs[1]) })
    let projected = sums.filter { graph.nodes[$0.inputs[1]].name.hasSuffix("_projection_bn") }
    #expect(projected.map(\.name) == ["stage2_block1_add", "stage3_block1_add"])
  }

  /// A stage with stride 2 halves the image, rounding up.
  @Test func stageShapes() throws {
    let shape = ImageShape(height: 33, width: 20, channels: 3)
    let graph = try Architecture.deep.graph(inputShape: shape, classes: 10)
    let ends = ["stage1_block2_relu2", "stage2_block2_relu2", "stage3_block2_relu2"]
    #expect(
      try ends.map { graph.shape(at: try graph.position(of: $0)) } == [
        ImageShape(height: 33, width: 20, channels: 16),
        ImageShape(height: 17, width: 10, channels: 32),
        ImageShape(height: 9, width: 5, channels: 64),
      ])
  }

  /// Square, odd and oblong images with any number of channels can be trained on.
  @Test(arguments: Architecture.allCases, [(8, 8), (9, 11), (16, 16), (33, 20)])
  func imageSizes(architecture: Architecture, size: (Int, Int)) throws {
    for channels in [1, 3, 5] {
      let shape = ImageShape(height: size.0, width: size.1, channels: channels)
      let start = Network(graph: try architecture.graph(inputShape: shape, classes: 3), seed: 1)
      let job = TrainingJob(
        network: start,
        phases: [
          .init(
            trainableLayers: Set(start.graph.parameterLayers), learningRates: .uniform(1e-3),
            epochs: 1, schedule: .constant())
        ], seed: 1)
      let outcome = try Trainer.train(job, on: noiseImages(5, shape: shape))
      #expect(outcome.history.map(\.loss.isFinite) == [true])
      #expect(
        outcome.network.differences(from: start)
          == start.parameterNames(of: start.graph.parameterLayers))
    }
  }

  /// Images below 8×8, or without channels, are refused by the size that is needed.
  @Test(arguments: Architecture.allCases, [(7, 8, 1), (8, 7, 3), (1, 1, 1), (0, 8, 1), (8, 8, 0)])
  func smallImages(architecture: Architecture, size: (Int, Int, Int)) {
    let shape = ImageShape(height: size.0, width: size.1, channels: size.2)
    let error = failure { _ = try architecture.graph(inputShape: shape, classes: 10) }
    #expect(error?.kind == .badData)
    #expect(error?.attempt == "cannot build the \(architecture.rawValue) network")
    #expect(
      error?.reason == "the images are \(shape); it needs at least 8×8 pixels and one channel")
  }

  /// There is nothing to tell apart with fewer than two classes.
  @Test(arguments: Architecture.allCases, [(0, "are no classes"), (1, "is one class")])
  func fewClasses(architecture: Architecture, classes: (Int, String)) {
    let error = failure { _ = try architecture.graph(inputShape: Self.tile, classes: classes.0) }
    #expect(error?.kind == .badData)
    #expect(error?.reason == "there \(classes.1); it needs at least two")
  }
}
