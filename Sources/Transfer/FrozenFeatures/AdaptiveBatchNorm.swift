import NeuralNetwork
import TaskData
import Tensors

/// Re-estimates the moving statistics of batch normalizations on other images.
///
/// AdaBN: Li, Wang, Shi, Liu, Hou, "Revisiting Batch Normalization for Practical Domain
/// Adaptation", 2016. Works layer by layer from the input, so that each estimate includes the
/// effect of those below; mean and population variance are exact over all images, in double
/// precision.
///
/// The values of all images from which a layer continues are kept for the next one, as long as they
/// are not too many, so that the work grows with the number of layers and not with its square.
enum AdaptiveBatchNorm {
  private static let batch = 32
  /// The largest size of the values that one pass keeps for the next, in bytes.
  private static let keptBytes = 512 << 20

  /// - Parameter isCancelled: called before every batch.
  /// - Throws: `CancellationError` once `isCancelled` returns true.
  static func reestimated(
    _ network: Network, layers: Set<String>, on images: LabeledImages, threads: Threads,
    isCancelled: () -> Bool
  ) throws -> Network {
    var network = network
    var kept = KeptValues(images)
    for pass in passes(network.graph, layers: layers, images: images.count) {
      let (mean, variance) = try kept.run(
        pass, of: network, batch: min(batch, images.count), threads: threads,
        isCancelled: isCancelled)
      let name = network.graph.nodes[pass.normalization].name
      network[ParameterName(layer: name, role: "moving_mean")] = Tensor(
        shape: [mean.count], values: mean.map { Float($0) })
      network[ParameterName(layer: name, role: "moving_variance")] = Tensor(
        shape: [variance.count], values: variance.map { Float($0) })
    }
    return network
  }

  /// The operations of estimating the statistics of some layers on so many images, and the bytes of
  /// the values that are kept for it.
  static func cost(_ graph: NetworkGraph, layers: Set<String>, images count: Int) -> TrainingCost {
    let size = min(batch, count)
    let examples = (count + size - 1) / size * size
    let passes = passes(graph, layers: layers, images: count)
    let adds = passes.reduce(0) { $0 + $1.multiplyAdds }
    let values = passes.map { pass in
      Set(pass.sources + pass.kept).subtracting([NetworkGraph.input])
        .reduce(0) { $0 + graph.shape(at: $1).count }
    }
    return TrainingCost(
      flops: 2 * Double(adds) * Double(examples), charge: Seconds(),
      peakBytes: (values.max() ?? 0) * count * MemoryLayout<Float>.stride)
  }

  private static func passes(
    _ graph: NetworkGraph, layers: Set<String>, images count: Int
  ) -> [StatisticsPass] {
    graph.statisticsPasses(
      of: layers, keepingAtMost: keptBytes / (max(count, 1) * MemoryLayout<Float>.stride))
  }
}

/// The values of some nodes for all images.
private struct KeptValues {
  private let images: LabeledImages
  /// One array `[count, rowLength]` per node.
  private var values: [Int: [Float]] = [:]

  init(_ images: LabeledImages) { self.images = images }

  /// Runs a pass and returns mean and population variance per channel of the values that its
  /// normalization reads; what it keeps takes the place of what was kept before.
  mutating func run(
    _ pass: StatisticsPass, of network: Network, batch: Int, threads: Threads,
    isCancelled: () -> Bool
  ) throws -> (mean: [Double], variance: [Double]) {
    let graph = network.graph
    let program = try InferenceProgram(
      network, batch: batch, from: pass.sources, to: pass.targets, threads: threads)
    var next = values.filter { pass.kept.contains($0.key) }
    for target in pass.targets where pass.kept.contains(target) && next[target] == nil {
      next[target] = []
      next[target]?.reserveCapacity(images.count * graph.shape(at: target).count)
    }
    let shape = graph.shape(at: pass.targets[0])
    var sums = ChannelSums(channels: shape.channels)
    let isNew = pass.targets.map { next[$0]?.isEmpty ?? false }
    try program.run(on: Array(0..<images.count), isCancelled: isCancelled) { rows in
      for (source, input) in zip(pass.sources, program.inputs) {
        try load(rows, of: source, graph.shape(at: source).count, into: input)
      }
    } read: { rows in
      sums.add(program.outputs[0], count: rows.count * shape.count)
      for (index, target) in pass.targets.enumerated() where isNew[index] {
        RowGather.append(
          rows: rows.count, rowLength: graph.shape(at: target).count, of: program.outputs[index],
          to: &next[target, default: []])
      }
    }
    values = next
    return sums.statistics
  }

  private func load(
    _ rows: ArraySlice<Int>, of source: Int, _ rowLength: Int, into input: TensorBuffer
  ) throws {
    guard source != NetworkGraph.input else { return try images.load(rows, into: input) }
    RowGather.copy(rows: rows, of: values[source] ?? [], rowLength: rowLength, into: input)
  }
}

/// Sums per channel, in double precision.
private struct ChannelSums {
  private var sums: [Double]
  private var squares: [Double]
  private var count = 0

  init(channels: Int) {
    sums = [Double](repeating: 0, count: channels)
    squares = sums
  }

  /// Adds the first values of a buffer, whole pixels.
  mutating func add(_ buffer: TensorBuffer, count: Int) {
    let channels = sums.count
    buffer.withStorage { values in
      for index in 0..<count {
        let value = Double(values[index])
        sums[index % channels] += value
        squares[index % channels] += value * value
      }
    }
    self.count += count / channels
  }

  /// Mean and population variance.
  var statistics: (mean: [Double], variance: [Double]) {
    let count = Double(count)
    let mean = sums.map { $0 / count }
    return (mean, zip(squares, mean).map { max($0 / count - $1 * $1, 0) })
  }
}
