import Tensors

extension InferenceProgram {
  /// Runs the program on any number of examples, batch after batch.
  ///
  /// The last batch may be short; it is run with whatever its other rows hold.
  ///
  /// - Parameters:
  ///   - rows: the indices of the examples, in the order of the calls.
  ///   - isCancelled: called before every batch (default: it is never cancelled).
  ///   - load: copies the examples of a batch into the first rows of ``inputs``.
  ///   - read: takes the first rows of ``outputs``, one for each example of the batch.
  /// - Throws: `CancellationError` once `isCancelled` returns true.
  package func run(
    on rows: [Int], isCancelled: () -> Bool = { false },
    load: (ArraySlice<Int>) throws -> Void, read: (ArraySlice<Int>) throws -> Void
  ) throws {
    for start in stride(from: 0, to: rows.count, by: batch) {
      if isCancelled() { throw CancellationError() }
      let part = rows[start..<min(start + batch, rows.count)]
      try load(part)
      try run()
      try read(part)
    }
  }
}

extension NetworkGraph {
  /// The largest input and output of a layer in a batch of inference, in bytes.
  private static let largestActivations = 256 << 20

  /// The batch size for inference: `most`, or less for large images, which gain nothing from large
  /// batches.
  ///
  /// It is halved until the input and output of every layer take at most 256 MiB together. It
  /// depends only on the graph, so that results do not depend on the machine's memory.
  package func inferenceBatch(atMost most: Int) -> Int {
    let widest = nodes.map { node in
      node.outputShape.count + node.inputs.reduce(0) { $0 + shape(at: $1).count }
    }
    let bytes = (widest.max() ?? 0) * MemoryLayout<Float>.stride
    var batch = most
    while batch > 1, batch * bytes > NetworkGraph.largestActivations { batch /= 2 }
    return batch
  }
}
