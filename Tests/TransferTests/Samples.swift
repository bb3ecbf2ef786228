import Foundation
import NeuralNetwork
import Records
import TaskData
import Tensors
import Transfer

/// The smallest images that the networks take.
let smallShape = ImageShape(height: 8, width: 8, channels: 1)

/// Noise with labels that take turns: nothing to learn but by heart.
func noiseImages(
  _ count: Int, shape: ImageShape = smallShape, classes: Int = 3, seed: UInt64 = 1
) -> LabeledImages {
  var generator = CounterGenerator(seed: seed)
  return LabeledImages(
    shape: shape, pixels: (0..<count * shape.count).map { _ in generator.normal() },
    labels: (0..<count).map { Int32($0 % classes) }, classNames: (0..<classes).map { "c\($0)" })
}

/// Images whose left half is bright in one class and whose right half is in the other.
func separableImages(_ count: Int, seed: UInt64 = 1) -> LabeledImages {
  var generator = CounterGenerator(seed: seed)
  var pixels: [Float] = []
  for image in 0..<count {
    for pixel in 0..<smallShape.count {
      let isLeft = pixel % smallShape.width < smallShape.width / 2
      pixels.append(isLeft == (image % 2 == 0) ? 1 + 0.3 * generator.normal() : 0)
    }
  }
  return LabeledImages(
    shape: smallShape, pixels: pixels, labels: (0..<count).map { Int32($0 % 2) },
    classNames: ["left", "right"])
}

extension Architecture {
  /// A network as after training: no tensor is at its start, moving statistics included.
  func sampleNetwork(
    shape: ImageShape = smallShape, classes: Int = 3, seed: UInt64 = 7
  ) throws -> Network {
    var network = Network(graph: try graph(inputShape: shape, classes: classes), seed: seed)
    var generator = CounterGenerator(seed: seed, stream: 1)
    for (name, specification) in network.graph.parameters where name.role != "kernel" {
      let centre: Float = specification.initialization == .ones ? 1 : 0
      let values = (0..<specification.count).map { _ in
        centre + generator.uniform(in: -0.4..<0.4)
      }
      network[name] = Tensor(shape: specification.shape, values: values)
    }
    return network
  }

  /// A model whose accuracy and task are made up.
  func sampleModel(
    shape: ImageShape = smallShape, classes: Int = 4, seed: UInt64 = 7
  ) throws -> PretrainedModel {
    PretrainedModel(
      architecture: self, network: try sampleNetwork(shape: shape, classes: classes, seed: seed),
      sourceTask: "sample", sourceTestAccuracy: 0.875)
  }
}

extension Network {
  /// Names of the parameters whose bits differ from another network of the same graph.
  func differences(from other: Network) -> [String] {
    graph.parameters.map(\.name).filter {
      self[$0].values.map(\.bitPattern) != other[$0].values.map(\.bitPattern)
    }.map(\.description)
  }

  /// Names of all parameters of some layers.
  func parameterNames(of layers: some Collection<String>) -> [String] {
    graph.parameters.map(\.name).filter { layers.contains($0.layer) }.map(\.description)
  }
}

extension EpochRecord {
  /// Everything but the time.
  var bits: [UInt64] { [loss, accuracy, learningRate].map(\.bitPattern) }

  /// The results on held-out examples; NaN if there are none.
  var validation: (accuracy: Double, loss: Double) {
    (validationAccuracy ?? .nan, validationLoss ?? .nan)
  }
}

/// The position of the highest accuracy, on a tie of the lowest loss, and then the first.
func bestIndex(_ results: [(accuracy: Double, loss: Double)]) -> Int? {
  results.indices.min {
    (-results[$0].accuracy, results[$0].loss) < (-results[$1].accuracy, results[$1].loss)
  }
}

extension TrainingJob {
  /// The same job in so many epochs per phase.
  func shortened(to epochs: Int) -> TrainingJob {
    var job = self
    for index in job.phases.indices { job.phases[index].epochs = epochs }
    return job
  }
}

/// The failure that `action` throws, or `nil`.
func failure(_ action: () throws -> Void) -> Failure? {
  do {
    try action()
    return nil
  } catch {
    return error as? Failure
  }
}

/// log(Σ exp(x)).
func logarithmOfSum(_ values: [Double]) -> Double { log(values.reduce(0) { $0 + exp($1) }) }
