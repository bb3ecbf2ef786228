package import NeuralNetwork
import Records
import Tensors

/// Proof that what was frozen stayed as it was, moving statistics included.
package enum FreezeAudit {
  /// Compares every tensor that was not to be trained, bit by bit.
  ///
  /// - Throws: `Failure` that names the tensors that differ.
  package static func verify(
    before: Network, after: Network, trainableLayers: Set<String>
  ) throws {
    let changed = before.graph.parameters.map(\.name)
      .filter { !trainableLayers.contains($0.layer) }
      .filter { !isIdentical(before[$0].values, after[$0].values) }
    guard changed.isEmpty else {
      throw Failure(
        .failed, "the freeze audit failed",
        because: "frozen tensors changed: \(changed.map(\.description).joined(separator: ", "))")
    }
  }

  /// Equality of bits: a NaN equals itself and zeros of different sign differ.
  private static func isIdentical(_ left: [Float], _ right: [Float]) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { $0.bitPattern == $1.bitPattern }
  }
}
