package import Tensors

/// The images of one set of a synthetic task; each can be made without the others.
package struct SyntheticImages: Sendable {
  package let grammar: any TaskGrammar
  /// Standard deviation of the noise on every pixel.
  package let noise: Float
  /// The class of every image, in random order, each class equally often to within one.
  package let labels: [Int32]
  private let seed: UInt64

  /// - Parameter seed: the seed of the set; image `i` draws from stream `i` of it.
  package init(grammar: any TaskGrammar, noise: Double, count: Int, seed: UInt64) {
    self.grammar = grammar
    self.noise = Float(noise)
    self.seed = seed
    var labels = (0..<count).map { Int32($0 % grammar.classCount) }
    // A stream that no image has.
    var generator = CounterGenerator(seed: seed, stream: .max)
    generator.shuffle(&labels)
    self.labels = labels
  }

  package var shape: ImageShape { grammar.imageShape }

  /// The generator that image `index` is drawn with, and then its noise.
  package func generator(at index: Int) -> CounterGenerator {
    CounterGenerator(seed: seed, stream: UInt64(index))
  }

  /// The stored bytes of image `index`, `[height, width]`.
  package func bytes(at index: Int) -> [UInt8] {
    var generator = generator(at: index)
    let encoding = PixelEncoding.synthetic
    return grammar.painted(Int(labels[index]), using: &generator).map { pixel in
      encoding.encode(noise > 0 ? pixel + noise * generator.normal() : pixel)
    }
  }

  /// All images, in order.
  package func rendered() -> LabeledImages {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(labels.count * shape.count)
    for index in labels.indices { bytes += self.bytes(at: index) }
    return LabeledImages(
      shape: shape, bytes: bytes, encoding: .synthetic, labels: labels,
      classNames: (0..<grammar.classCount).map { "class-\($0)" })
  }
}
