import Records
import NeuralNetwork
public import Tensors

/// The output of one layer for a number of images.
public struct Features: Sendable {
  /// The shape of one image's features, `[height, width, channels]`.
  public let shape: ImageShape
  /// The features of all images, `[count, height, width, channels]`.
  public let values: [Float]
}

extension PretrainedModel {
  /// Computes the output of a layer for images, in inference mode.
  ///
  /// - Parameters:
  ///   - pixels: `[count, height, width, channels]`, images of ``inputShape``.
  ///   - layer: the name of any layer, such as `block2_pool` (default: the last layer before the
  ///     head).
  /// - Throws: ``TransferError`` if the layer does not exist or the pixels do not fit.
  public func extractFeatures(
    _ pixels: [Float], at layer: String? = nil
  ) throws(TransferError) -> Features {
    let graph = network.graph
    var target = graph.nodes.lastIndex { $0.group != .head } ?? graph.nodes.count - 1
    if let layer {
      guard let position = graph.nodes.firstIndex(where: { $0.name == layer }) else {
        throw .unknownLayer(layer, known: graph.nodes.map(\.name))
      }
      target = position
    }
    let values = try Inference.run(network, on: pixels, to: target)
    return Features(shape: graph.shape(at: target), values: values)
  }
}

/// Runs networks forward on plain arrays.
enum Inference {
  private static let batch = 32

  /// A node's output for images `[count, height, width, channels]`, one row per image.
  static func run(
    _ network: Network, on pixels: [Float], to target: Int
  ) throws(TransferError) -> [Float] {
    let shape = network.graph.inputShape
    guard pixels.count.isMultiple(of: shape.count) else {
      throw .wrongPixelCount(pixels.count, imageShape: shape)
    }
    if let position = pixels.firstIndex(where: { !$0.isFinite }) {
      throw .pixelNotFinite(position: position)
    }
    let count = pixels.count / shape.count
    guard count > 0 else { return [] }
    return try TransferError.translating {
      try values(of: network, for: pixels, count: count, to: target)
    }
  }

  private static func values(
    of network: Network, for pixels: [Float], count: Int, to target: Int
  ) throws -> [Float] {
    let shape = network.graph.inputShape
    let batch = network.graph.inferenceBatch(atMost: min(batch, count))
    let program = try InferenceProgram(network, batch: batch, to: [target])
    let rowLength = network.graph.shape(at: target).count
    var values: [Float] = []
    values.reserveCapacity(count * rowLength)
    try program.run(
      on: Array(0..<count),
      load: { part in
        RowGather.copy(rows: part, of: pixels, rowLength: shape.count, into: program.inputs[0])
      }
    ) { part in
      RowGather.append(
        rows: part.count, rowLength: rowLength, of: program.outputs[0], to: &values)
    }
    return values
  }
}
