import Foundation
import Records
import TaskData
import Tensors
import Testing

struct ShapeGrammarTests {
  private static let settings = smallSettings { $0.family = .shapes }
  private let source = ShapeGrammar.source(Self.settings)

  private func target(_ similarity: Double, replicate: Int = 0) -> ShapeGrammar {
    .target(
      Self.settings,
      inheriting: Inheritance(similarity: similarity, levels: ShapeGrammar.strata),
      replicate: replicate)
  }

  /// Every object belongs to one class only, those of the source task included; a figure can be
  /// told from its ground.
  @Test func objects() {
    let target = target(1)
    #expect(source.objects.map(\.count) == Array(repeating: 3, count: 20))
    #expect(target.objects.map(\.count) == Array(repeating: 3, count: 10))
    let all = Array(source.objects.joined()) + Array(target.objects.joined())
    #expect(Set(all).count == 90)
    #expect(all.allSatisfy { $0.figure != $0.ground })
    #expect(all.allSatisfy { (0..<6).contains($0.shape) && (0..<6).contains($0.ground) })
  }

  /// No cue alone says the class: each shape, figure and ground occurs in several classes.
  @Test func cues() {
    let cues: [(ShapeGrammar.Object) -> Int] = [\.shape, \.figure, \.ground]
    for cue in cues {
      for value in 0..<6 {
        #expect(source.objects.count { $0.contains { cue($0) == value } } > 1)
      }
    }
  }

  /// Similarity keeps textures first, and then shapes; the classes are always new.
  @Test(arguments: zip([0, 0.25, 0.5, 0.75, 1], [(0, 0), (3, 0), (6, 0), (6, 3), (6, 6)]))
  func inheritance(similarity: Double, kept: (textures: Int, outlines: Int)) {
    let target = target(similarity)
    #expect(zip(target.textures, source.textures).count(where: ==) == kept.textures)
    #expect(zip(target.outlines, source.outlines).count(where: ==) == kept.outlines)
    #expect(target.objects == self.target(0).objects)
    #expect(target.objects != self.target(similarity, replicate: 1).objects)
  }

  /// Outlines have the area of a circle of radius 1, by the trapezoidal rule, and no negative
  /// radius.
  @Test func areas() {
    for outline in source.outlines + target(0).outlines {
      let radii = (0..<1_000).map { outline.radius(at: 2 * .pi * Double($0) / 1_000) }
      let area = radii.reduce(0) { $0 + $1 * $1 / 2 } * 2 * .pi / 1_000
      #expect(abs(area - .pi) < 1e-9)
      #expect(radii.allSatisfy { $0 > 0 })
    }
  }

  /// Without noise, pixels far inside the outline are the figure's wave and those far outside the
  /// ground's, computed here from the sample.
  @Test func drawing() throws {
    let recipe = TaskRecipe(
      settings: smallSettings { ($0.family, $0.noise) = (.shapes, 0) })
    let images = recipe.train
    let grammar = try #require(images.grammar as? ShapeGrammar)
    var (inside, outside) = (0, 0)
    for index in 0..<20 {
      var generator = images.generator(at: index)
      let alternative = generator.index(below: 3)
      let object = grammar.objects[Int(images.labels[index])][alternative]
      let sample = ShapeSample(of: object, side: 16, using: &generator)
      let pixels = PixelEncoding.synthetic.decode(images.bytes(at: index))
      for row in 0..<16 {
        for column in 0..<16 {
          let (y, x) = (Double(row) - sample.center.row, Double(column) - sample.center.column)
          let edge = sample.radius * grammar.outlines[object.shape].radius(at: atan2(y, x))
          let distance = (x * x + y * y).squareRoot()
          guard abs(distance - edge) > 0.5 else { continue }
          let isInside = distance < edge
          let wave = grammar.textures[isInside ? object.figure : object.ground].frequency
          let phase = isInside ? sample.phases.figure : sample.phases.ground
          let contrast = isInside ? sample.contrasts.figure : sample.contrasts.ground
          let cycles = wave.columns * Double(column) + wave.rows * Double(row)
          let expected = contrast * 2.0.squareRoot() * cos(2 * .pi * cycles + phase)
          // A byte is a step of 1/32.
          #expect(abs(Double(pixels[row * 16 + column]) - expected) <= 1.0 / 64 + 1e-5)
          if isInside { inside += 1 } else { outside += 1 }
        }
      }
    }
    #expect(inside > 500 && outside > 2_000)
  }

  /// Places, sizes and contrasts stay within their ranges, and use them.
  @Test func variation() {
    var generator = CounterGenerator(seed: 3)
    let samples = (0..<2_000).map { _ in
      ShapeSample(of: source.objects[0][0], side: 16, using: &generator)
    }
    func expect(_ values: [Double], in range: ClosedRange<Double>) {
      let width = range.upperBound - range.lowerBound
      #expect(values.allSatisfy(range.contains))
      #expect((values.min() ?? 0) < range.lowerBound + 0.01 * width)
      #expect((values.max() ?? 0) > range.upperBound - 0.01 * width)
    }
    expect(samples.map(\.center.row), in: 5.5...9.5)
    expect(samples.map(\.center.column), in: 5.5...9.5)
    expect(samples.map { $0.radius / (0.28 * 16) }, in: 0.85...1.15)
    expect(samples.map(\.contrasts.figure), in: 0.7...1.3)
    expect(samples.map(\.contrasts.ground), in: 0.7...1.3)
    expect(samples.map(\.phases.figure), in: 0...(2 * .pi))
  }

  /// Tasks of the family have names of their own, and files remember their recipe.
  @Test func files() throws {
    let settings = Self.settings
    let task = try SyntheticTask.target(settings, similarity: .medium, replicate: 1)
    #expect(task.name == "shapes-target-medium-r1")
    #expect(try SyntheticTask.source(settings).name == "shapes-source")
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "task.h5").path
    try TaskFile.write(task, to: file)
    let read = try TaskFile.read(file)
    #expect(read.recipe == task.recipe && read.digest == task.digest)
    #expect(read.recipe?.settings.family == .shapes)
    #expect(try smallTarget(.medium, replicate: 1).recipe?.settings.family == .hierarchy)
  }

  /// Classes that need more objects than there are, and kinds of shift, are refused.
  @Test func refused() throws {
    var settings = Self.settings
    settings.productions = 6
    try settings.validate()  // 30 classes × 6 = 180 = 6 shapes × 6 × 5 textures
    settings.productions = 7
    let tooMany = try #require(failure { try settings.validate() })
    #expect(tooMany.subject == "productions" && tooMany.reason.contains("180"))
    let half = try #require(Similarity("input-0.5"))
    let shifted = try #require(
      failure { _ = try SyntheticTask.target(Self.settings, similarity: half, replicate: 0) })
    #expect(shifted.kind == .usage && shifted.reason.contains("textured shapes"))
  }
}
