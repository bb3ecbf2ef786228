import NeuralNetwork
import TaskData
import Tensors
import Transfer

/// The layers below the head as a program for inference.
struct BenchBackbone {
  private let program: InferenceProgram
  private let width: Int

  init(_ network: Network, batch: Int) throws {
    let graph = network.graph
    let last = graph.nodes.lastIndex { $0.group != .head } ?? graph.nodes.count - 1
    program = try InferenceProgram(network, batch: batch, to: [last])
    width = graph.shape(at: last).count
  }

  /// What it makes of images, `[count, width]`.
  func features(of images: LabeledImages) throws -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(images.count * width)
    let rows = Array(0..<images.count)
    for start in stride(from: 0, to: rows.count, by: program.batch) {
      let batch = rows[start..<min(start + program.batch, rows.count)]
      try images.load(batch, into: program.inputs[0])
      try program.run()
      RowGather.append(
        rows: batch.count, rowLength: width, of: program.outputs[0], to: &values)
    }
    return values
  }
}
