import Foundation
import HDF5
import NeuralNetwork
import Tensors
import TestSupport
import Testing

/// The path of a file in `Fixtures`.
func fixture(_ name: String) throws -> String {
  let folder = try #require(Bundle.module.resourceURL?.appendingPathComponent("Fixtures"))
  return folder.appendingPathComponent(name).path
}

/// What a framework said of a model, made with the models themselves.
struct Expectation {
  let shape: [Int]
  let inputs: [Float]
  let outputs: [Float]
  /// `len(model.layers)` and `model.count_params()` of Keras.
  let layerCount: Int?
  let parameterCount: Int?

  init(_ name: String, in file: String = "expected.h5") throws {
    let group = try HDF5File.open(fixture(file)).root.group(name)
    let x = try group.dataset("x")
    shape = x.shape
    inputs = try x.read(as: Float.self)
    outputs = try group.dataset("y").read(as: Float.self)
    let attributes = group.attributes
    layerCount =
      try attributes.contains("layers") ? attributes.readNumber("layers", as: Int.self) : nil
    parameterCount =
      try attributes.contains("parameters")
      ? attributes.readNumber("parameters", as: Int.self) : nil
  }
}

/// What a network makes of a batch.
func outputs(of network: Network, _ inputs: [Float], count: Int) throws -> [Float] {
  let program = try InferenceProgram(network, batch: count)
  program.inputs[0].withStorage { storage in
    for index in inputs.indices { storage[index] = inputs[index] }
  }
  try program.run()
  return program.outputs[0].withStorage { Array($0) }
}

/// The softmax of every row.
func softmax(_ logits: [Float], rows: Int) -> [Float] {
  let columns = logits.count / rows
  return (0..<rows).flatMap { row in
    let powers = logits[row * columns..<(row + 1) * columns].map(exp)
    return powers.map { $0 / powers.reduce(0, +) }
  }
}

/// The largest difference, as a share of the largest expected value.
func relativeError(_ values: [Float], _ expected: [Float]) -> Float {
  guard values.count == expected.count else { return .infinity }
  let scale = expected.map(abs).max() ?? 1
  return (zip(values, expected).map { abs($0 - $1) }.max() ?? 0) / max(scale, 1e-30)
}
