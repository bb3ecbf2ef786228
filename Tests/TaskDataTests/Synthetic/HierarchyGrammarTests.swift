import TaskData
import Tensors
import Testing

struct HierarchyGrammarTests {
  /// The grammar has a rule level per level, classes first, and the settings' sizes.
  @Test func sizes() {
    let grammar = HierarchyGrammar.source(TaskSettings())
    #expect(grammar.rules.map(\.productions.count) == [20, 6, 6])
    #expect(grammar.rules.allSatisfy { $0.productions.allSatisfy { $0.count == 3 } })
    #expect(grammar.alphabet.tiles.map(\.count) == [4, 4, 4, 4, 4, 4])
  }

  /// All productions of a level are distinct, kept and new ones together.
  @Test(arguments: [0, 0.5, 0.8, 1]) func distinctProductions(similarity: Double) {
    for replicate in 0..<10 {
      for level in targetGrammar(similarity, replicate: replicate).rules {
        let productions = level.productions.flatMap { $0 }
        #expect(Set(productions).count == productions.count)
      }
    }
  }

  /// Distinct productions are found even when every grid is used.
  @Test func exhausted() throws {
    let settings = smallSettings {
      ($0.symbols, $0.productions, $0.sourceClasses, $0.targetClasses) = (2, 4, 2, 2)
    }
    let source = HierarchyGrammar.source(settings)
    let target = HierarchyGrammar.target(
      settings, inheriting: Inheritance(alphabet: 0, rules: [0, 0]), replicate: 0)
    let all = (source.rules[1].productions + target.rules[1].productions).flatMap { $0 }
    #expect(Set(all).count == 16)
  }

  /// Another seed is another grammar.
  @Test func seeds() {
    let other = HierarchyGrammar.source(smallSettings { $0.seed = 2 })
    #expect(HierarchyGrammar.source(smallSettings()) != other)
  }

  /// The source grammar does not depend on noise and counts.
  @Test func independentOfNoise() {
    let other = HierarchyGrammar.source(smallSettings { ($0.noise, $0.trainCount) = (0, 500) })
    #expect(HierarchyGrammar.source(smallSettings()) == other)
  }
}

struct TileAlphabetTests {
  /// Every tile has mean 0 and root mean square 1.
  @Test(arguments: [2, 3, 4, 8]) func normalized(tileSize: Int) {
    var generator = CounterGenerator(seed: 5)
    let alphabet = TileAlphabet(count: 6, tileSize: tileSize, using: &generator)
    for tile in alphabet.tiles {
      #expect(abs(tile.reduce(0, +)) < 1e-4)
      #expect(abs(TileAlphabet.cosine(tile, tile) - 1) < 1e-5)
    }
  }

  /// Tiles of an alphabet of six are at least 45 degrees apart, kept and new ones together.
  @Test(arguments: [2, 3, 4]) func distinct(tileSize: Int) {
    for seed in 0..<100 as Range<UInt64> {
      var generator = CounterGenerator(seed: seed)
      let source = TileAlphabet(count: 6, tileSize: tileSize, using: &generator)
      let half = TileAlphabet(keeping: 0.5, of: source, using: &generator)
      #expect(largestCosine(source.tiles) < 0.7072)
      #expect(largestCosine(half.tiles) < 0.7072)
    }
  }

  /// The largest alphabet still has different tiles, at least 25 degrees apart.
  @Test(arguments: [2, 4]) func largest(tileSize: Int) {
    var generator = CounterGenerator(seed: 1)
    let alphabet = TileAlphabet(count: 16, tileSize: tileSize, using: &generator)
    #expect(largestCosine(alphabet.tiles) < 0.9064)
  }

  private func largestCosine(_ tiles: [[Float]]) -> Float {
    tiles.indices.flatMap { first in
      (first + 1..<tiles.count).map { TileAlphabet.cosine(tiles[first], tiles[$0]) }
    }.max() ?? -1
  }
}
