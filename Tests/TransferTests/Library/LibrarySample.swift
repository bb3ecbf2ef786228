import Foundation
import NeuralNetwork
import Records
import TaskData
import Tensors
import TestSupport
import Testing
import Transfer

/// Small models and images that the tests of the library and the techniques share.
enum LibrarySample {
  /// The smallest images that the networks take.
  static let shape = ImageShape(height: 8, width: 8, channels: 1)

  /// Noise with a bright row per class: easy to learn, but not at once.
  static func images(
    _ count: Int, classes: Int = 3, shape: ImageShape = shape, seed: UInt64 = 1
  ) -> LabeledImages {
    var generator = CounterGenerator(seed: seed)
    let row = shape.width * shape.channels
    var pixels: [Float] = []
    for image in 0..<count {
      for pixel in 0..<shape.count {
        pixels.append(generator.normal() * 0.5 + (pixel / row == image % classes ? 1 : 0))
      }
    }
    return LabeledImages(
      shape: shape, pixels: pixels, labels: (0..<count).map { Int32($0 % classes) },
      classNames: (0..<classes).map { "c\($0)" })
  }

  /// A network as after training on four classes: no tensor is at its start.
  static func model(
    _ architecture: Architecture = .medium, seed: UInt64 = 5
  ) throws -> PretrainedModel {
    var network = Network(
      graph: try architecture.graph(inputShape: shape, classes: 4), seed: seed)
    var generator = CounterGenerator(seed: seed, stream: 1)
    for (name, specification) in network.graph.parameters where name.role != "kernel" {
      let centre: Float = specification.initialization == .ones ? 1 : 0
      network[name] = Tensor(
        shape: specification.shape,
        values: (0..<specification.count).map { _ in centre + generator.uniform(in: -0.3..<0.3) })
    }
    return PretrainedModel(
      architecture: architecture, network: network, sourceTask: "sample",
      sourceTestAccuracy: 0.75)
  }

  /// A fine-tuning run of an epoch or more, without a phase of the head alone.
  static func run(
    _ strategy: Strategy = .fineTuning, freezing groups: [LayerGroup] = [],
    rates: LearningRates = .uniform(1e-3), epochs: Int? = 1,
    _ change: (inout Techniques) -> Void = { _ in }
  ) throws -> StrategyRun {
    var techniques = Techniques()
    techniques.headFirst = 0
    change(&techniques)
    let arm = Arm(
      name: "sample", strategy: strategy,
      frozenGroups: strategy == .featureExtraction ? LayerGroup.backbone : groups,
      learningRates: rates, techniques: techniques)
    return StrategyRun(arm: arm, model: try model(), seed: 3, epochs: epochs)
  }

  /// Two epochs of a named strategy.
  static func run(
    of arm: Arm, _ architecture: Architecture = .medium,
    _ change: (inout Techniques) -> Void = { _ in }
  ) throws -> StrategyRun {
    var arm = arm
    change(&arm.techniques)
    return StrategyRun(arm: arm, model: try model(architecture), seed: 3, epochs: 2)
  }

  /// Writes a network as a Keras model and returns the network of the file, whose probabilities of
  /// the classes of the images are expected to be the same.
  static func written(_ network: Network, classifying images: LabeledImages) throws -> Network {
    let model = try TrainedModel(
      name: "sample", network: network, classNames: images.classNames, preprocess: nil,
      pixelRange: nil, provenance: [:])
    let folder = try TemporaryFolder()
    let path = folder.path("model.keras")
    try model.write(to: path)
    let file = try TrainedModel.read(path)
    let classes = images.classCount
    let expected = try forward(network, images.pixels)
    let found = try forward(file.network, images.pixels)
    for start in stride(from: 0, to: images.count * classes, by: classes) {
      let row = start..<start + classes
      let logits = expected[row].map(Double.init)
      let sum = logarithmOfSum(logits)
      for (probability, logit) in zip(file.output.probabilities(found[row]), logits) {
        #expect(abs(Double(probability) - exp(logit - sum)) < 1e-5)
      }
    }
    return file.network
  }

  /// A layer's output for all images at once, by an inference program; by default the last layer's.
  static func forward(
    _ network: Network, _ pixels: [Float], at layer: String? = nil
  ) throws -> [Float] {
    let count = pixels.count / network.graph.inputShape.count
    let targets = try layer.map { [try network.graph.position(of: $0)] }
    let program = try InferenceProgram(network, batch: count, to: targets)
    program.inputs[0].withStorage { values in
      for index in pixels.indices { values[index] = pixels[index] }
    }
    try program.run()
    return program.outputs[0].withStorage { Array($0.prefix(program.outputs[0].count)) }
  }

  /// Trains a single batch at the peak rates.
  static func oneStep(
    _ run: StrategyRun, optimizer: Optimizer = .adam()
  ) throws -> (start: Network, outcome: TrainingOutcome) {
    let images = images(32)
    var job = try run.job(for: images)
    for index in job.phases.indices { job.phases[index].schedule = .constant() }
    job.optimizer = optimizer
    return (job.network, try Trainer.train(job, on: images))
  }
}

extension Network {
  /// Names of the parameters whose bits differ from another network of the same graph.
  func changes(from other: Network) -> Set<String> {
    Set(
      graph.parameters.map(\.name).filter {
        self[$0].values.map(\.bitPattern) != other[$0].values.map(\.bitPattern)
      }.map(\.description))
  }

  /// Names of parameters by layers and roles.
  func names(
    of layers: some Collection<String>, roles: Set<String>? = nil
  ) -> Set<String> {
    Set(
      graph.parameters.map(\.name)
        .filter { layers.contains($0.layer) && roles?.contains($0.role) ?? true }
        .map(\.description))
  }

  func values(_ layer: String, _ role: String) -> [Float] {
    self[ParameterName(layer: layer, role: role)].values
  }

  /// The largest change of a layer's weights.
  func largestChange(of layer: String, from other: Network) -> Double {
    graph.weights(in: [layer])
      .flatMap { zip(self[$0.name].values, other[$0.name].values) }
      .map { abs(Double($0) - Double($1)) }.max() ?? 0
  }

  /// The Euclidean distance of all kernels of some layers.
  func distance(to other: Network, in layers: some Collection<String>) -> Double {
    var sum = 0.0
    for (name, _) in graph.parameters where layers.contains(name.layer) && name.role == "kernel" {
      for (own, others) in zip(self[name].values, other[name].values) {
        sum += Double(own - others) * Double(own - others)
      }
    }
    return sum.squareRoot()
  }
}

/// The library's error that `action` throws, or `nil`.
func libraryError(_ action: () throws -> Void) -> TransferError? {
  do {
    try action()
    return nil
  } catch {
    return error as? TransferError
  }
}

/// All three classifiers for three classes.
func libraryClassifiers() throws -> [any TransferClassifier] {
  let model = try LibrarySample.model()
  return [
    try FeatureExtractor(baseModel: model, classCount: 3),
    try FineTuner(baseModel: model, classCount: 3),
    try ScratchTrainer(architectureOf: model, classCount: 3),
  ]
}

extension TransferClassifier {
  /// The network of a trained classifier.
  var trainedNetwork: Network? {
    switch self {
    case let classifier as FeatureExtractor: classifier.core.network
    case let classifier as FineTuner: classifier.core.network
    case let classifier as ScratchTrainer: classifier.core.network
    default: nil
    }
  }
}
