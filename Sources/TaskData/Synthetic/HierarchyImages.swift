package import Tensors

/// The images of one set of a synthetic task; each can be made without the others.
package struct HierarchyImages: Sendable {
  package let grammar: HierarchyGrammar
  /// Standard deviation of the noise on every pixel.
  package let noise: Float
  /// The class of every image, in random order, each class equally often to within one.
  package let labels: [Int32]
  private let seed: UInt64

  /// - Parameter seed: the seed of the set; image `i` draws from stream `i` of it.
  package init(grammar: HierarchyGrammar, noise: Double, count: Int, seed: UInt64) {
    self.grammar = grammar
    self.noise = Float(noise)
    self.seed = seed
    var labels = (0..<count).map { Int32($0 % grammar.classCount) }
    // A stream that no image has.
    var generator = CounterGenerator(seed: seed, stream: .max)
    generator.shuffle(&labels)
    self.labels = labels
  }

  package var shape: ImageShape {
    let side = grammar.alphabet.tileSize << grammar.rules.count
    return ImageShape(height: side, width: side, channels: 1)
  }

  /// The sample that image `index` shows.
  package func sample(at index: Int) -> HierarchySample { drawn(at: index).sample }

  /// The stored bytes of image `index`, `[height, width]`.
  package func bytes(at index: Int) -> [UInt8] {
    var (sample, generator) = drawn(at: index)
    let encoding = PixelEncoding.synthetic
    return sample.painted(with: grammar.alphabet).map { pixel in
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

  /// The sample of an image, and the generator after the sample was drawn, for drawing the noise.
  private func drawn(at index: Int) -> (sample: HierarchySample, generator: CounterGenerator) {
    var generator = CounterGenerator(seed: seed, stream: UInt64(index))
    let sample = HierarchySample(of: Int(labels[index]), in: grammar, using: &generator)
    return (sample, generator)
  }
}
