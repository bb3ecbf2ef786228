import Records
import TaskData
import Testing

/// Tasks with a kind of shift differ from the source in one part only.
struct ShiftTests {
  private let source = HierarchyGrammar.source(TaskSettings())

  private func target(_ kind: Shift, _ similarity: Double, replicate: Int = 0) -> HierarchyGrammar {
    .target(
      TaskSettings(), inheriting: Inheritance(kind, leaving: similarity, levels: 3),
      replicate: replicate)
  }

  /// How many productions of a level are those of the source at the same place.
  private func shared(_ target: HierarchyGrammar, level: Int) -> Int {
    zip(target.rules[level].productions.joined(), source.rules[level].productions.joined())
      .count { $0 == $1 }
  }

  /// Everything but the part of the kind is the source's; at strength 0 nothing of that part is.
  @Test func parts() {
    let (input, feature, output) = (target(.input, 0), target(.feature, 0), target(.output, 0))
    for level in 0..<3 {
      let all = level == 0 ? 30 : 18
      #expect(shared(input, level: level) == all)
      #expect(shared(feature, level: level) == (level == 0 ? all : 0))
      #expect(shared(output, level: level) == (level == 0 ? 0 : all))
    }
    #expect(sharedTiles(input, source) == 0)
    #expect(feature.alphabet == source.alphabet && output.alphabet == source.alphabet)
  }

  /// A similarity of 1 is the source's grammar with fewer classes, whatever the kind.
  @Test(arguments: Shift.allCases) func whole(kind: Shift) {
    let whole = target(kind, 1)
    #expect(whole.alphabet == source.alphabet)
    #expect(Array(whole.rules.dropFirst()) == Array(source.rules.dropFirst()))
    #expect(whole.rules[0].productions == Array(source.rules[0].productions.prefix(10)))
  }

  /// New class rules are those of the same replicate without a kind of shift.
  @Test func pairedWithOtherTasks() {
    #expect(target(.output, 0).rules[0] == targetGrammar(1).rules[0])
  }

  /// Half of a shift of the input is half way between the old tile and the new one, with the power
  /// of a tile.
  @Test func tilesBlend() {
    let half = HierarchyGrammar.target(
      TaskSettings(), inheriting: Inheritance(.input, inheriting: 0.5, levels: 3),
      replicate: 3)
    let new = target(.input, 0, replicate: 3)
    for (index, tile) in half.alphabet.tiles.enumerated() {
      let (old, other) = (source.alphabet.tiles[index], new.alphabet.tiles[index])
      #expect(abs(TileAlphabet.cosine(tile, tile) - 1) < 1e-5)
      #expect(abs(TileAlphabet.cosine(tile, old) - TileAlphabet.cosine(tile, other)) < 1e-5)
      // cos²(Ω/2) = (1 + cos Ω) / 2
      let whole = TileAlphabet.cosine(old, other)
      let toOld = TileAlphabet.cosine(tile, old)
      #expect(abs(toOld * toOld - (1 + whole) / 2) < 1e-5)
    }
  }

  /// More similarity keeps more productions, and all that less keeps.
  @Test(arguments: [(Shift.feature, 1), (.feature, 2), (.output, 0)])
  func nested(kind: Shift, level: Int) {
    let counts = [0, 0.25, 0.5, 0.75, 1].map { shared(target(kind, $0), level: level) }
    #expect(counts == counts.sorted())
    #expect(Set(counts).count > 3)
    let (less, more) = (target(kind, 0.25).rules[level], target(kind, 0.75).rules[level])
    let all = source.rules[level].productions.joined()
    for (own, (other, kept)) in zip(
      less.productions.joined(), zip(more.productions.joined(), all)) where own == kept
    {
      #expect(other == kept)
    }
  }

  /// Recipes of tasks without a kind have the text of earlier versions; others are read back.
  @Test func recipes() throws {
    let old = Inheritance(similarity: 0.5, levels: 3)
    #expect(try CanonicalJSON.encode(old) == #"{"alphabet":1,"rules":[0.5,0]}"#)
    #expect(old.label == "strata-1-0.5-0")
    let new = Inheritance(.output, inheriting: 0.5, levels: 3)
    #expect(new.label == "strata-1-1-1-classes-0.5-gradual")
    let text = try CanonicalJSON.encode(new)
    #expect(CanonicalJSON.decode(Inheritance.self, from: text) == new)
  }

  /// A similarity of 0.5 is between the measured strengths on both sides of it: 12 of 20 steps left
  /// 0.5077 and 11 left 0.2564; 13 of 18 productions left 0.4728 and 14 left 0.5915; 13 of 30 class
  /// productions left 0.4405 and 15 left 0.5092.
  @Test(arguments: [(Shift.input, 11.969 / 20), (.feature, 13.229 / 18), (.output, 14.732 / 30)])
  func strength(kind: Shift, inherited: Double) {
    let inheritance = Inheritance(kind, leaving: 0.5, levels: 3)
    let shares = [Shift.input: inheritance.alphabet, .feature: inheritance.rules[0]]
    #expect(abs((shares[kind] ?? inheritance.classes) - inherited) < 1e-4)
  }

  /// A task has the name of its similarity, and its recipe is read back from its file.
  @Test func file() throws {
    let similarity = try #require(Similarity("input-0.5"))
    let task = try SyntheticTask.target(smallSettings(), similarity: similarity, replicate: 1)
    #expect(task.name == "target-input-0.5-r1" && task.similarity == 0.5)
    let plain = try SyntheticTask.target(
      smallSettings(), similarity: try #require(Similarity("0.5")), replicate: 1)
    // The labels of a replicate do not depend on what is inherited.
    #expect(task.train.labels == plain.train.labels)
    #expect(task.digest != plain.digest)
  }

  /// Classes that the source does not have cannot be inherited.
  @Test func tooManyClasses() {
    let settings = smallSettings {
      $0.targetClasses = 12
      $0.sourceClasses = 11
    }
    let error = failure {
      _ = try SyntheticTask.target(
        settings, inheriting: Inheritance(.input, leaving: 0.5, levels: 3), replicate: 0)
    }
    #expect(error?.kind == .usage && error?.subject == "targetClasses")
  }
}
