import NeuralNetwork
import Records
import TaskData
import Tensors

/// The values at the frontier of a scope for every example: the output of the frozen layers that
/// the trainable layers read.
///
/// Whether values are cached, shared or recomputed, they come from the same program with the same
/// batch size, and short batches are filled up, so that the values of an example do not depend on
/// its neighbours.
struct FrozenPrefix {
  private enum Source {
    /// For each view, one array `[slot, rowLength]` per frontier node; without `slots` the slot of
    /// an example is its index.
    case stored(views: [[[Float]]], slots: [Int]?)
    /// The prefix runs for every batch; without a program the images are the frontier.
    case computed(InferenceProgram?)
  }

  private let source: Source
  private let images: LabeledImages
  private let augmenter: Augmenter?
  private let rowLengths: [Int]
  /// Bytes of the cache and of the program that fills it, as if this run did not share them.
  let bytes: Int
  /// Floating-point operations so far, as if this run had executed all of them itself.
  private(set) var flops = 0.0
  /// Time that other runs have spent for this one, less the time that it has spent for them.
  private(set) var charge = Seconds()
  /// The slots of the current batch.
  private var batchSlots: [Int] = []

  /// - Parameters:
  ///   - batch: batch size of the program that runs the frozen layers, whatever the number of
  ///     images and the batch size of training.
  ///   - policy: augmentation without cached views implies `recomputed`; with cached views,
  ///     `recomputed` computes the same views in turn. Augmented views are not shared.
  ///   - augmenter: augments the images before they enter; `nil` leaves them unchanged.
  ///   - threads: the threads that run the frozen layers.
  ///   - isCancelled: called before every batch that passes the frozen layers here, and before
  ///     every view.
  /// - Throws: `CancellationError` once `isCancelled` returns true; a shared cache then has nothing
  ///   of the pass.
  init(
    _ network: Network, scope: TrainingScope, images: LabeledImages, batch: Int,
    policy: PrefixCachePolicy, augmenter: Augmenter? = nil, threads: Threads,
    isCancelled: () -> Bool
  ) throws {
    self.images = images
    self.augmenter = augmenter
    rowLengths = scope.frontier.map { network.graph.shape(at: $0).count }
    guard scope.hasPrefix || augmenter != nil else {
      source = .computed(nil)
      bytes = 0
      return
    }
    func makeProgram() throws -> InferenceProgram {
      try InferenceProgram(network, batch: batch, to: scope.frontier, threads: threads)
    }
    let batches = Double((images.count + batch - 1) / batch)
    let lengths = rowLengths
    if case .shared(let cache) = policy, augmenter == nil, let origin = images.origin {
      let key = FeatureCache.Key(
        set: origin.set, layers: network.prefixDigest(of: scope, batch: batch))
      let shared = try cache.features(key, rows: origin.rows, threads: threads) { positions in
        // The pass may have waited for that of another run.
        if isCancelled() { throw CancellationError() }
        var count = 0
        return try FrozenActivations(
          try makeProgram(), on: positions, rowLengths: lengths, isCancelled: isCancelled
        ) { rows, buffer in
          try FrozenPrefix.enter(rows, of: images, nil, view: 0, into: buffer)
          count += rows.count
          cache.notePass(count, of: positions.count)
        }
      }
      source = .stored(views: [shared.pass.values], slots: shared.slots)
      flops = shared.pass.batchFlops * batches
      charge = shared.charge
      bytes =
        shared.pass.programBytes + images.count * lengths.reduce(0, +) * MemoryLayout<Float>.stride
      return
    }
    let program = scope.hasPrefix ? try makeProgram() : nil
    let viewCount = augmenter?.settings.cachedViews ?? 1
    guard policy.keeps, viewCount > 0 else {
      source = .computed(program)
      bytes = program?.bytes ?? 0
      return
    }
    let all = Array(0..<images.count)
    let views = try (0..<viewCount).map { view in
      if isCancelled() { throw CancellationError() }
      guard let program else {
        return [try augmenter?.views(of: all[...], in: images, number: view) ?? images.pixels]
      }
      return try FrozenActivations(
        program, on: all, rowLengths: lengths, isCancelled: isCancelled
      ) { rows, buffer in
        try FrozenPrefix.enter(rows, of: images, augmenter, view: view, into: buffer)
      }.values
    }
    source = .stored(views: views, slots: nil)
    flops = (program?.flops ?? 0) * batches * Double(viewCount)
    let count = views.reduce(0) { $0 + $1.reduce(0) { $0 + $1.count } }
    bytes = (program?.bytes ?? 0) + count * MemoryLayout<Float>.stride
  }

  /// Copies some images, augmented if there is an augmenter, into a buffer.
  private static func enter(
    _ rows: ArraySlice<Int>, of images: LabeledImages, _ augmenter: Augmenter?, view: Int,
    into buffer: TensorBuffer
  ) throws {
    guard let augmenter else { return try images.load(rows, into: buffer) }
    let values = try augmenter.views(of: rows, in: images, number: view)
    RowGather.copy(
      rows: Array(0..<rows.count)[...], of: values, rowLength: images.shape.count, into: buffer)
  }

  /// The stored values of all examples, `[count, rowLength]`.
  ///
  /// - Precondition: the values are stored or no layer is frozen, and the frontier is one node.
  func allValues() throws -> [Float] {
    if case .computed(nil) = source, augmenter == nil { return try images.pixels }
    guard case .stored(let views, let slots) = source, rowLengths.count == 1 else {
      preconditionFailure("the values of one layer are kept")
    }
    let (values, length) = (views[0][0], rowLengths[0])
    return slots?.flatMap { values[$0 * length..<($0 + 1) * length] } ?? values
  }

  /// Copies the values of some examples into the inputs of a training program.
  ///
  /// - Parameter epoch: the number of the epoch, which determines the augmented view.
  mutating func load(_ rows: ArraySlice<Int>, epoch: Int, into inputs: [TensorBuffer]) throws {
    switch source {
    case .stored(let views, let slots):
      var rows = rows
      if let slots {
        batchSlots.removeAll(keepingCapacity: true)
        for row in rows { batchSlots.append(slots[row]) }
        rows = batchSlots[...]
      }
      for (index, input) in inputs.enumerated() {
        RowGather.copy(
          rows: rows, of: views[epoch % views.count][index], rowLength: rowLengths[index],
          into: input)
      }
    case .computed(let program):
      let views = augmenter?.settings.cachedViews ?? 0
      let view = views > 0 ? epoch % views : epoch
      func enter(_ rows: ArraySlice<Int>, _ entrance: TensorBuffer) throws {
        try FrozenPrefix.enter(rows, of: images, augmenter, view: view, into: entrance)
      }
      guard let program else { return try enter(rows, inputs[0]) }
      var done = 0
      try program.run(on: Array(rows), load: { try enter($0, program.inputs[0]) }) { part in
        for (index, (output, input)) in zip(program.outputs, inputs).enumerated() {
          RowGather.copy(
            rows: part.count, rowLength: rowLengths[index], of: output, into: input, from: done)
        }
        done += part.count
        flops += program.flops
      }
    }
  }
}

extension Network {
  /// SHA-256 of everything except the images that determines the values at the frontier of a scope.
  fileprivate func prefixDigest(of scope: TrainingScope, batch: Int) -> String {
    var digest = ContentDigest()
    digest.update(batch)
    digest.update("\(graph.inputShape) \(scope.frontier)")
    for (node, _) in zip(graph.nodes, scope.isPrefix).filter(\.1) {
      digest.update("\(node.name) \(node.layer) \(node.inputs)")
      for parameter in node.parameters {
        digest.update(parameter.role)
        digest.update(self[ParameterName(layer: node.name, role: parameter.role)].values)
      }
    }
    return digest.hexadecimal()
  }
}
