import NeuralNetwork
import Tensors

/// The values at the frontier of a scope for every example: what frozen layers hand to the
/// trainable ones.
///
/// Cached or computed anew, the same program with the same batch size computes them, and short
/// batches are filled up, so that an example's values do not depend on its neighbours.
struct FrozenPrefix {
  private enum Source {
    /// One array `[count, rowLength]` per frontier position.
    case stored([[Float]])
    case computed(InferenceProgram)
  }

  private let source: Source
  private let images: [Float]
  private let imageLength: Int
  private let rowLengths: [Int]
  /// Bytes of the cache and of the program that is kept.
  let bytes: Int
  /// Floating-point operations so far.
  private(set) var flops = 0.0

  /// - Parameter images: `[count, height, width, channels]`.
  init(
    _ network: Network, scope: TrainingScope, images: [Float], batch: Int,
    policy: PrefixCachePolicy
  ) throws {
    self.images = images
    imageLength = network.graph.inputShape.count
    rowLengths = scope.frontier.map { network.graph.shape(at: $0).count }
    guard scope.hasPrefix else {
      source = .stored([images])
      bytes = 0
      return
    }
    let program = try InferenceProgram(network, batch: batch, to: scope.frontier)
    guard policy == .cached else {
      source = .computed(program)
      bytes = program.bytes
      return
    }
    let count = images.count / imageLength
    var values = rowLengths.map { length in
      var array: [Float] = []
      array.reserveCapacity(count * length)
      return array
    }
    let all = Array(0..<count)
    for start in stride(from: 0, to: count, by: batch) {
      let rows = all[start..<min(start + batch, count)]
      RowGather.copy(rows: rows, of: images, rowLength: imageLength, into: program.inputs[0])
      try program.run()
      flops += program.flops
      for (index, output) in program.outputs.enumerated() {
        RowGather.append(
          rows: rows.count, rowLength: rowLengths[index], of: output, to: &values[index])
      }
    }
    source = .stored(values)
    bytes = program.bytes + values.reduce(0) { $0 + $1.count * MemoryLayout<Float>.stride }
  }

  /// Copies the values of some examples into the inputs of a training program.
  mutating func load(_ rows: ArraySlice<Int>, into inputs: [TensorBuffer]) throws {
    switch source {
    case .stored(let values):
      for (index, input) in inputs.enumerated() {
        RowGather.copy(rows: rows, of: values[index], rowLength: rowLengths[index], into: input)
      }
    case .computed(let program):
      RowGather.copy(rows: rows, of: images, rowLength: imageLength, into: program.inputs[0])
      try program.run()
      flops += program.flops
      for (output, input) in zip(program.outputs, inputs) {
        RowGather.copyPrefix(of: output, into: input)
      }
    }
  }
}
