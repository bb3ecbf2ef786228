import Foundation
import HDF5
import Tensors

/// Problems with the minima that scikit-learn and SciPy found (the script beside the file made
/// them).
struct LogisticFixture {
  let features: [Float]
  let labels: [Int32]
  let classes: Int
  /// Values of C, with the minimum of each.
  let strengths: [Double]
  let losses: [Double]
  /// `[features, classes]` and `[classes]` per strength; one column for two classes.
  let kernels, biases: [[Double]]

  static func group(_ name: String) throws -> HDF5Group {
    let path = Bundle.module.bundleURL.appending(path: "Fixtures/logistic.h5").path
    return try HDF5File.open(path).root.group(name)
  }

  init(_ name: String) throws {
    let group = try Self.group(name)
    features = try group.dataset("features").read(as: Float.self)
    labels = try group.dataset("labels").read(as: Int32.self)
    classes = Int(labels.max() ?? 0) + 1
    let strengths = try group.dataset("C").read(as: Double.self)
    func perStrength(_ name: String) throws -> [[Double]] {
      let values = try group.dataset(name).read(as: Double.self)
      let size = values.count / strengths.count
      return strengths.indices.map { Array(values[$0 * size..<($0 + 1) * size]) }
    }
    self.strengths = strengths
    losses = try group.dataset("loss").read(as: Double.self)
    kernels = try perStrength("kernel")
    biases = try perStrength("bias")
  }

  var width: Int { features.count / labels.count }
}

/// Rows of independent normal numbers around one center per class, `distance` apart.
func normalClasses(
  count: Int, features: Int, classes: Int, distance: Float, seed: UInt64 = 1
) -> (features: [Float], labels: [Int32]) {
  var generator = CounterGenerator(seed: seed)
  let labels = (0..<count).map { Int32($0 % classes) }
  let rows = labels.flatMap { label in
    (0..<features).map { j in
      generator.normal() + (j % classes == Int(label) ? distance : 0)
    }
  }
  return (rows, labels)
}

func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
