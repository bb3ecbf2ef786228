import Foundation
import NeuralNetwork
import Records
import TaskData
import Tensors
import Transfer

/// A large network on one batch of images: training steps of all its layers, and passes forward.
final class LargeNetwork {
  private enum Work {
    case steps(WholeTraining)
    case passes(InferenceProgram)
  }

  private static let rate = 1e-5

  private let work: Work
  private let images: LabeledImages

  /// The floating-point operations of a step or of a pass.
  var flops: Double {
    switch work {
    case .steps(let training): training.flops
    case .passes(let program): program.flops
    }
  }

  /// - Parameters:
  ///   - weights: a state dict of torchvision's networks in HDF5.
  ///   - bytes: a file of the pixels of one batch, `[images, height, width, channels]`; the label
  ///     of each image is its number.
  ///   - trains: whether steps are made, and not passes.
  /// - Throws: `Failure` if a file does not suit.
  init(weights: String, bytes path: String, trains: Bool) throws {
    let network = try PretrainedModel.read(weights).model.network
    let shape = network.graph.inputShape
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    let (count, classes) = (bytes.count / shape.count, network.graph.outputShape.channels)
    guard count > 0, bytes.count == count * shape.count, count <= classes else {
      throw Failure(
        .badData, "cannot read the images", on: path, because: "they are no batch of \(shape)")
    }
    images = LabeledImages(
      shape: shape, bytes: bytes, encoding: .unit, labels: (0..<count).map(Int32.init),
      classNames: (0..<classes).map(String.init))
    work =
      try trains
      ? .steps(WholeTraining(network, on: images, batch: count, rate: Self.rate))
      : .passes(InferenceProgram(network, batch: count))
  }

  /// One step or pass.
  ///
  /// - Returns: the mean loss of a step, in nats; `nil` for a pass.
  func run() throws -> Double? {
    switch work {
    case .steps(let training): return try training.pass()
    case .passes(let program):
      try images.load(Array(0..<images.count)[...], into: program.inputs[0])
      try program.run()
      return nil
    }
  }

  /// The outputs of the last pass, `[images, classes]`; `nil` if steps are made.
  var outputs: [Float]? {
    guard case .passes(let program) = work else { return nil }
    var values: [Float] = []
    RowGather.append(
      rows: images.count, rowLength: images.classCount, of: program.outputs[0], to: &values)
    return values
  }
}
