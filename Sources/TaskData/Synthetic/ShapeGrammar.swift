import Records
package import Tensors

/// Objects of textured shapes: every class is several objects, and an object is a shape with a
/// texture in front of a ground with another one.
///
/// Neither the shape nor a texture alone says the class. After the texture–shape cue conflicts of
/// Geirhos et al., "ImageNet-trained CNNs are biased towards texture; increasing shape bias
/// improves accuracy and robustness", ICLR 2019; here all three cues are needed.
package struct ShapeGrammar: TaskGrammar, Hashable {
  /// What an image of a class shows; the numbers are those of ``ShapeGrammar``'s lists.
  package struct Object: Sendable, Hashable {
    package let shape: Int
    package let figure: Int
    /// The texture of the ground, another than that of the figure.
    package let ground: Int
  }

  /// The strata that a target task can inherit: textures and shapes.
  package static let strata = 2

  package let textures: [Texture]
  package let outlines: [Outline]
  /// The objects of every class, `[class, alternative]`, all different.
  package let objects: [[Object]]
  /// Side of an image in pixels.
  package let side: Int

  package var classCount: Int { objects.count }

  package var imageShape: ImageShape { ImageShape(height: side, width: side, channels: 1) }

  /// How many different objects a number of shapes and of textures makes.
  static func objectCount(symbols: Int) -> Int { symbols * symbols * (symbols - 1) }

  /// The grammar of the source task.
  ///
  /// - Precondition: `settings` are valid.
  package static func source(_ settings: TaskSettings) -> ShapeGrammar {
    func generator(_ part: String) -> CounterGenerator {
      CounterGenerator(seed: ContentDigest.seed("source \(part)", "\(settings.seed)"))
    }
    var (textures, outlines) = (generator("textures"), generator("outlines"))
    var objects = generator("objects")
    return ShapeGrammar(
      textures: different(settings.symbols, using: &textures),
      outlines: different(settings.symbols, using: &outlines),
      objects: drawnObjects(
        classes: settings.sourceClasses, settings, unlike: [], using: &objects),
      side: settings.imageShape.width)
  }

  /// The grammar of a target task that inherits part of the source's; its classes are new.
  ///
  /// The new parts depend on the replicate but not on the inheritance, so that tasks of one
  /// replicate differ only in what they inherit.
  ///
  /// - Precondition: `settings` and `inheritance` are valid.
  package static func target(
    _ settings: TaskSettings, inheriting inheritance: Inheritance, replicate: Int
  ) -> ShapeGrammar {
    let source = source(settings)
    func generator(_ part: String) -> CounterGenerator {
      CounterGenerator(
        seed: ContentDigest.seed("target \(part)", "\(settings.seed)", "\(replicate)"))
    }
    var (textures, outlines) = (generator("textures"), generator("outlines"))
    var objects = generator("objects")
    return ShapeGrammar(
      textures: keeping(inheritance.alphabet, of: source.textures, using: &textures),
      outlines: keeping(inheritance.rules[0], of: source.outlines, using: &outlines),
      objects: drawnObjects(
        classes: settings.targetClasses, settings,
        unlike: Set(source.objects.joined()), using: &objects),
      side: source.side)
  }

  private static func drawnObjects(
    classes: Int, _ settings: TaskSettings, unlike others: Set<Object>,
    using generator: inout CounterGenerator
  ) -> [[Object]] {
    var taken = others
    return (0..<classes).map { _ in
      (0..<settings.productions).map { _ in
        while true {
          let (shape, figure) = (
            generator.index(below: settings.symbols), generator.index(below: settings.symbols)
          )
          // One of the other textures.
          let other = generator.index(below: settings.symbols - 1)
          let object = Object(
            shape: shape, figure: figure, ground: other < figure ? other : other + 1)
          if taken.insert(object).inserted { return object }
        }
      }
    }
  }

  /// Draws an object of a class at a random place, size, contrast and phase of the textures.
  package func painted(_ label: Int, using generator: inout CounterGenerator) -> [Float] {
    let alternatives = objects[label]
    let object = alternatives[generator.index(below: alternatives.count)]
    return ShapeSample(of: object, side: side, using: &generator).painted(with: self)
  }
}

/// A part of images that is drawn at random, and has to differ visibly from the others.
protocol Distinguishable {
  init(using generator: inout CounterGenerator)
  /// How visibly two of them differ, 0 or more; at least 1 if nothing else is said.
  func difference(from other: Self) -> Double
}

/// Draws parts that differ from each other.
private func different<Part: Distinguishable>(
  _ count: Int, using generator: inout CounterGenerator
) -> [Part] {
  (0..<count).reduce(into: []) { drawn, _ in drawn.append(part(unlike: drawn, using: &generator)) }
}

/// Keeps the fraction `share` of the parts of `source` and replaces the others; a new part is
/// unlike the others, and unlike the one that it replaces.
private func keeping<Part: Distinguishable>(
  _ share: Double, of source: [Part], using generator: inout CounterGenerator
) -> [Part] {
  let kept = keptSymbols(of: source.count, share: share, using: &generator)
  var present = kept.indices.filter { kept[$0] }.map { source[$0] }
  return source.indices.map { index in
    guard !kept[index] else { return source[index] }
    let new = part(unlike: present + [source[index]], using: &generator)
    present.append(new)
    return new
  }
}

/// Draws until a part is unlike all others; the limit is lowered by a tenth after every 100
/// rejections, since there is room for so many only.
private func part<Part: Distinguishable>(
  unlike others: [Part], using generator: inout CounterGenerator
) -> Part {
  var limit = 1.0
  while true {
    for _ in 0..<100 {
      let candidate = Part(using: &generator)
      if others.allSatisfy({ candidate.difference(from: $0) >= limit }) { return candidate }
    }
    limit *= 0.9
  }
}
