import TaskData
import Tensors
import TestSupport
import Testing

struct HierarchyImagesTests {
  /// An image made alone has the bits of the same image in the whole set.
  @Test func madeAlone() throws {
    let task = try smallTarget()
    let images = try #require(task.recipe).train
    for index in [59, 0, 17] {
      let alone = task.train.encoding.decode(images.bytes(at: index))
      #expect(try alone == task.train.image(index))
    }
  }

  /// Every node of a parse tree is expanded by a production of its symbol.
  @Test func derivations() throws {
    let images = try #require(try smallTarget().recipe).train
    for index in 0..<20 {
      let sample = try images.sample(at: index)
      #expect(sample.symbols.map(\.count) == [1, 4, 16, 64])
      for (level, rules) in try images.hierarchy.rules.enumerated() {
        let side = 1 << level
        for cell in 0..<side * side {
          let grid = Production(children: children(of: cell, in: sample.symbols, level: level))
          #expect(rules.productions[sample.symbols[level][cell]].contains(grid))
        }
      }
    }
  }

  /// The terminals alone say the class: parsed bottom-up, they give the label.
  @Test func parsing() throws {
    let images = try #require(try smallTarget().recipe).train
    for index in images.labels.indices {
      let parsed = try parse(images.sample(at: index).terminals, with: images.hierarchy)
      #expect(parsed == Int(images.labels[index]))
    }
  }

  /// Without noise, an image is its parse tree: the nearest tile, wherever a whole tile is in
  /// view, is the terminal there.
  @Test func agreesWithParseTree() throws {
    let recipe = try #require(try smallTarget { $0.noise = 0 }.recipe)
    let images = recipe.train
    var read = 0
    for index in images.labels.indices {
      let sample = try images.sample(at: index)
      let pixels = PixelEncoding.synthetic.decode(images.bytes(at: index))
      for (cell, tile) in wholeTiles(pixels, shift: sample.shift) {
        let tiles = try images.hierarchy.alphabet.tiles
        let nearest = tiles.indices.max {
          TileAlphabet.cosine(tiles[$0], tile) < TileAlphabet.cosine(tiles[$1], tile)
        }
        #expect(nearest == sample.terminals[cell])
        read += 1
      }
    }
    // At least 7×7 tiles of each image are whole.
    #expect(read >= 49 * images.labels.count)
  }

  /// The amplitude of each tile varies from 0.7 to 1.3 and each shift occurs.
  @Test func variation() throws {
    let images = try #require(try smallTarget().recipe).train
    let samples = try images.labels.indices.map(images.sample(at:))
    let amplitudes = samples.flatMap(\.amplitudes)
    #expect(amplitudes.allSatisfy { (0.7..<1.3).contains($0) })
    #expect((amplitudes.min() ?? 1) < 0.71 && (amplitudes.max() ?? 1) > 1.29)
    #expect(Set(samples.map(\.shift.rows)) == [-1, 0, 1])
    #expect(Set(samples.map(\.shift.columns)) == [-1, 0, 1])
  }

  /// A shift uncovers background, which is 0 without noise.
  @Test func background() throws {
    let images = try #require(try smallTarget { $0.noise = 0 }.recipe).train
    let index = try #require(
      try images.labels.indices.first { try images.sample(at: $0).shift.rows == 1 })
    let pixels = PixelEncoding.synthetic.decode(images.bytes(at: index))
    #expect(pixels.prefix(16) == ArraySlice(repeating: 0, count: 16))
    #expect(pixels[16..<32].contains { $0 != 0 })
  }

  /// The noise has mean 0 and the standard deviation asked for, on every pixel.
  @Test func noise() throws {
    let noisy = try smallTarget().train.pixels
    let clean = try smallTarget { $0.noise = 0 }.train.pixels
    let differences = zip(noisy, clean).map { Double($0 - $1) }
    let mean = differences.reduce(0, +) / Double(differences.count)
    let power = differences.reduce(0) { $0 + $1 * $1 } / Double(differences.count)
    #expect(abs(mean) < 0.02)
    #expect(abs(power.squareRoot() - 0.4) < 0.02)
  }

  /// Fewer than one pixel in a thousand is clipped.
  @Test func clipping() throws {
    let train = try smallTarget().train
    let pixels = try train.pixels
    let ends = pixels.filter { $0 <= -4 || $0 >= 4 - 1 / 32 }
    #expect(ends.count * 1_000 < pixels.count)
  }

  private func children(of cell: Int, in symbols: [[Int]], level: Int) -> [Int] {
    let side = 1 << level
    let (row, column) = (2 * (cell / side), 2 * (cell % side))
    return [(0, 0), (0, 1), (1, 0), (1, 1)].map { down, right in
      symbols[level + 1][(row + down) * 2 * side + column + right]
    }
  }

  private func parse(_ terminals: [Int], with grammar: HierarchyGrammar) -> Int? {
    var grid = terminals
    for (level, rules) in grammar.rules.enumerated().reversed() {
      let below = Array(repeating: [Int](), count: level + 1) + [grid]
      let parents = (0..<(1 << level) * (1 << level)).compactMap { cell in
        let production = Production(children: children(of: cell, in: below, level: level))
        return rules.productions.firstIndex { $0.contains(production) }
      }
      guard parents.count == grid.count / 4 else { return nil }
      grid = parents
    }
    return grid.first
  }

  /// The 2×2 tiles of a 16×16 image that the shift leaves whole, with the cell of each.
  private func wholeTiles(
    _ pixels: [Float], shift: (rows: Int, columns: Int)
  ) -> [(cell: Int, tile: [Float])] {
    (0..<64).compactMap { cell in
      let top = cell / 8 * 2 + shift.rows
      let left = cell % 8 * 2 + shift.columns
      guard (0...14).contains(top), (0...14).contains(left) else { return nil }
      let corner = top * 16 + left
      return (cell, [0, 1, 16, 17].map { pixels[corner + $0] })
    }
  }
}
