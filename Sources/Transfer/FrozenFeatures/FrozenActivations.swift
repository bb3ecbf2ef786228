package import NeuralNetwork
package import Tensors

/// The output of frozen layers for some examples, and its cost.
package struct FrozenActivations: Sendable {
  /// One array `[count, rowLength]` per node of the frontier.
  package private(set) var values: [[Float]] = []
  /// Bytes of the program that computed the values.
  private(set) var programBytes = 0
  /// Floating-point operations per batch; the same for short batches, which are filled up.
  private(set) var batchFlops = 0.0

  init() {}

  /// Runs a program on some images.
  ///
  /// Short batches are filled up, so that an example's values do not depend on its neighbours.
  ///
  /// - Parameters:
  ///   - isCancelled: called before every batch (default: it is never cancelled).
  ///   - enter: copies some images into the program's input.
  /// - Throws: `CancellationError` once `isCancelled` returns true.
  package init(
    _ program: InferenceProgram, on rows: [Int], rowLengths: [Int],
    isCancelled: () -> Bool = { false }, enter: (ArraySlice<Int>, TensorBuffer) throws -> Void
  ) throws {
    programBytes = program.bytes
    batchFlops = program.flops
    values = rowLengths.map { length in
      var array: [Float] = []
      array.reserveCapacity(rows.count * length)
      return array
    }
    try program.run(
      on: rows, isCancelled: isCancelled, load: { try enter($0, program.inputs[0]) }
    ) { batch in
      for (index, output) in program.outputs.enumerated() {
        RowGather.append(
          rows: batch.count, rowLength: rowLengths[index], of: output, to: &values[index])
      }
    }
  }

  /// Appends the values of further examples that passed the same layers.
  mutating func append(_ other: FrozenActivations) {
    programBytes = other.programBytes
    batchFlops = other.batchFlops
    guard !values.isEmpty else { return values = other.values }
    for (index, more) in other.values.enumerated() { values[index] += more }
  }

  var valueBytes: Int { values.reduce(0) { $0 + $1.count } * MemoryLayout<Float>.stride }
}
