import NeuralNetwork
import Records
import TaskData
import Tensors

/// The values at the frontier of a scope for every example: what frozen layers hand to the
/// trainable ones.
///
/// Cached or computed anew, the same program with the same batch size computes them, and short
/// batches are filled up, so that an example's values do not depend on its neighbours.
struct FrozenPrefix {
  private enum Source {
    /// For each view, one array `[count, rowLength]` per frontier position.
    case stored(views: [[[Float]]])
    /// The prefix is run for every batch; without a program the images are the frontier.
    case computed(InferenceProgram?)
  }

  private let source: Source
  private let images: LabeledImages
  private let augmenter: Augmenter?
  private let rowLengths: [Int]
  /// Bytes of the cache and of the program that is kept.
  let bytes: Int
  /// Floating-point operations so far.
  private(set) var flops = 0.0

  /// - Parameters:
  ///   - policy: augmentation without cached views implies `recomputed`; with them, `recomputed`
  ///     takes the same views in turn.
  ///   - augmenter: changes the images before they enter; `nil` leaves them as they are.
  init(
    _ network: Network, scope: TrainingScope, images: LabeledImages, batch: Int,
    policy: PrefixCachePolicy, augmenter: Augmenter? = nil
  ) throws {
    self.images = images
    self.augmenter = augmenter
    rowLengths = scope.frontier.map { network.graph.shape(at: $0).count }
    let program =
      scope.hasPrefix ? try InferenceProgram(network, batch: batch, to: scope.frontier) : nil
    let viewCount = augmenter?.settings.cachedViews ?? 1
    guard policy == .cached, viewCount > 0, program != nil || augmenter != nil else {
      if program == nil, augmenter == nil {
        source = .stored(views: [[images.pixels]])
        bytes = 0
      } else {
        source = .computed(program)
        bytes = program?.bytes ?? 0
      }
      return
    }
    var views: [[[Float]]] = []
    for number in 0..<viewCount {
      views.append(
        try FrozenPrefix.values(
          of: images, batch: batch, program: program, augmenter: augmenter, view: number,
          rowLengths: rowLengths, flops: &flops))
    }
    source = .stored(views: views)
    let count = views.reduce(0) { $0 + $1.reduce(0) { $0 + $1.count } }
    bytes = (program?.bytes ?? 0) + count * MemoryLayout<Float>.stride
  }

  /// The frontier's values for all images, one array per frontier position.
  private static func values(
    of images: LabeledImages, batch: Int, program: InferenceProgram?, augmenter: Augmenter?,
    view: Int, rowLengths: [Int], flops: inout Double
  ) throws -> [[Float]] {
    let all = Array(0..<images.count)
    guard let program else {
      return [augmenter?.views(of: all[...], in: images, number: view) ?? images.pixels]
    }
    var values = rowLengths.map { length in
      var array: [Float] = []
      array.reserveCapacity(images.count * length)
      return array
    }
    for start in stride(from: 0, to: images.count, by: batch) {
      let rows = all[start..<min(start + batch, images.count)]
      enter(rows, of: images, augmenter, view: view, into: program.inputs[0])
      try program.run()
      flops += program.flops
      for (index, output) in program.outputs.enumerated() {
        RowGather.append(
          rows: rows.count, rowLength: rowLengths[index], of: output, to: &values[index])
      }
    }
    return values
  }

  /// Copies some images, augmented or not, into a buffer.
  private static func enter(
    _ rows: ArraySlice<Int>, of images: LabeledImages, _ augmenter: Augmenter?, view: Int,
    into buffer: TensorBuffer
  ) {
    let length = images.shape.count
    guard let augmenter else {
      return RowGather.copy(rows: rows, of: images.pixels, rowLength: length, into: buffer)
    }
    let values = augmenter.views(of: rows, in: images, number: view)
    RowGather.copy(rows: Array(0..<rows.count)[...], of: values, rowLength: length, into: buffer)
  }

  /// Copies the values of some examples into the inputs of a training program.
  ///
  /// - Parameter epoch: its number decides which augmented view is taken.
  mutating func load(_ rows: ArraySlice<Int>, epoch: Int, into inputs: [TensorBuffer]) throws {
    switch source {
    case .stored(let views):
      for (index, input) in inputs.enumerated() {
        RowGather.copy(
          rows: rows, of: views[epoch % views.count][index], rowLength: rowLengths[index],
          into: input)
      }
    case .computed(let program):
      let entrance = program?.inputs[0] ?? inputs[0]
      let views = augmenter?.settings.cachedViews ?? 0
      FrozenPrefix.enter(
        rows, of: images, augmenter, view: views > 0 ? epoch % views : epoch, into: entrance)
      guard let program else { return }
      try program.run()
      flops += program.flops
      for (output, input) in zip(program.outputs, inputs) {
        RowGather.copyPrefix(of: output, into: input)
      }
    }
  }
}
