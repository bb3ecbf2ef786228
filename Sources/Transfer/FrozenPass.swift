package import NeuralNetwork
package import Tensors

/// What frozen layers yield for some examples, and what that takes.
package struct FrozenPass: Sendable {
  /// One array `[count, rowLength]` per position of the frontier.
  package private(set) var values: [[Float]] = []
  /// Bytes of the program that computed them.
  private(set) var programBytes = 0
  /// Floating-point operations for a batch of any length.
  private(set) var batchFlops = 0.0

  init() {}

  /// Runs a program on some images.
  ///
  /// Short batches are filled up, so that an example's values do not depend on its neighbours.
  ///
  /// - Parameter enter: copies some images into the program's input.
  package init(
    _ program: InferenceProgram, on rows: [Int], rowLengths: [Int],
    enter: (ArraySlice<Int>, TensorBuffer) throws -> Void
  ) throws {
    programBytes = program.bytes
    batchFlops = program.flops
    values = rowLengths.map { length in
      var array: [Float] = []
      array.reserveCapacity(rows.count * length)
      return array
    }
    for start in stride(from: 0, to: rows.count, by: program.batch) {
      let batch = rows[start..<min(start + program.batch, rows.count)]
      try enter(batch, program.inputs[0])
      try program.run()
      for (index, output) in program.outputs.enumerated() {
        RowGather.append(
          rows: batch.count, rowLength: rowLengths[index], of: output, to: &values[index])
      }
    }
  }

  /// Takes over the values of further examples that passed the same layers.
  mutating func append(_ other: FrozenPass) {
    programBytes = other.programBytes
    batchFlops = other.batchFlops
    guard !values.isEmpty else { return values = other.values }
    for (index, more) in other.values.enumerated() { values[index] += more }
  }

  var valueBytes: Int { values.reduce(0) { $0 + $1.count } * MemoryLayout<Float>.stride }
}
