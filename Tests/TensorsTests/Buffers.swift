import Foundation
import Tensors

func logarithm(_ x: Double) -> Double { log(x) }
func tangent(_ x: Double) -> Double { tan(x) }

/// A vector buffer with these values.
func vector(_ values: [Float]) throws -> TensorBuffer {
  let buffer = try TensorBuffer.vector(count: values.count)
  try buffer.pack(values)
  return buffer
}

/// Standard normal numbers that depend on `seed` alone.
func normalNumbers(_ count: Int, seed: UInt64) -> [Float] {
  var generator = CounterGenerator(seed: seed)
  return (0..<count).map { _ in generator.normal() }
}

extension TensorBuffer {
  /// The memory as it lies.
  var contents: [Float] { withStorage { Array($0) } }

  func fill(_ values: [Float]) {
    withStorage { storage in
      for (i, value) in values.enumerated() { storage[i] = value }
    }
  }
}

/// Whether two arrays agree, element by element, to a share of the largest expected magnitude.
func agree(_ found: [Float], _ expected: [Double], to tolerance: Double = 1e-6) -> Bool {
  let scale = expected.map(abs).max() ?? 0
  return found.count == expected.count
    && zip(found, expected).allSatisfy { abs(Double($0) - $1) <= tolerance * max(scale, 1e-30) }
}
