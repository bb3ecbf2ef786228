package import Tensors

/// The rules by which the images of a synthetic task are drawn.
package protocol TaskGrammar: Sendable {
  var classCount: Int { get }
  /// The shape of every image.
  var imageShape: ImageShape { get }

  /// Draws an image of a class without noise, `[height, width]`.
  ///
  /// - Parameter label: the class, less than ``classCount``.
  func painted(_ label: Int, using generator: inout CounterGenerator) -> [Float]
}

extension HierarchyGrammar: TaskGrammar {
  package var imageShape: ImageShape {
    let side = alphabet.tileSize << rules.count
    return ImageShape(height: side, width: side, channels: 1)
  }

  package func painted(_ label: Int, using generator: inout CounterGenerator) -> [Float] {
    HierarchySample(of: label, in: self, using: &generator).painted(with: alphabet)
  }
}
