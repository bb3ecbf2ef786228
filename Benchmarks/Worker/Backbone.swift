import NeuralNetwork
import TaskData
import Tensors
import Transfer

/// The layers below the head as a program for inference.
struct Backbone {
  private let program: InferenceProgram
  private let width: Int

  init(_ network: Network, batch: Int) throws {
    let graph = network.graph
    let last = graph.nodes.lastIndex { $0.group != .head } ?? graph.nodes.count - 1
    program = try InferenceProgram(network, batch: batch, to: [last])
    width = graph.shape(at: last).count
  }

  /// The floating-point operations of a run on a batch.
  var flops: Double { program.flops }

  /// The features of images, `[count, width]`.
  func features(of images: LabeledImages) throws -> [Float] {
    try FrozenActivations(
      program, on: Array(0..<images.count), rowLengths: [width]
    ) { rows, buffer in
      try images.load(rows, into: buffer)
    }.values[0]
  }
}
