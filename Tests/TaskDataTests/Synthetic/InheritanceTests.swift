import Records
import TaskData
import Testing

struct InheritanceTests {
  /// Similarity fills the strata from the bottom, the last one in part.
  @Test(
    arguments: [
      (0, 0, [0, 0]), (1.0 / 6, 0.5, [0, 0]), (1.0 / 3, 1, [0, 0]), (2.0 / 3, 1, [1, 0]),
      (1, 1, [1, 1]),
    ] as [(Double, Double, [Double])])
  func fromSimilarity(similarity: Double, alphabet: Double, rules: [Double]) {
    #expect(
      Inheritance(similarity: similarity, levels: 3)
        == Inheritance(alphabet: alphabet, rules: rules))
  }

  /// The similarity of independent strata is their mean share.
  @Test func meanShare() {
    #expect(Inheritance(alphabet: 1, rules: [0, 0.5]).similarity == 0.5)
  }

  /// A high target shares everything but the class rules with the source.
  @Test func high() {
    let source = HierarchyGrammar.source(TaskSettings())
    let target = targetGrammar(1)
    #expect(target.alphabet == source.alphabet)
    #expect(Array(target.rules.dropFirst()) == Array(source.rules.dropFirst()))
  }

  /// Class rules are new at every similarity: no production of a source class is used.
  @Test(arguments: [0, 0.5, 1]) func classRules(similarity: Double) {
    let source = HierarchyGrammar.source(TaskSettings())
    let target = targetGrammar(similarity)
    #expect(target.classCount == 10)
    let taken = Set(source.rules[0].productions.joined())
    #expect(target.rules[0].productions.joined().allSatisfy { !taken.contains($0) })
  }

  /// A medium target shares the alphabet and the lowest rules, and no more.
  @Test func medium() {
    let source = HierarchyGrammar.source(TaskSettings())
    let target = targetGrammar(2.0 / 3)
    #expect(target.alphabet == source.alphabet)
    #expect(target.rules[2] == source.rules[2])
    #expect(sharedSymbols(target, source, level: 1) == 0)
  }

  /// A low target shares nothing: no tile, and no production at any level.
  @Test func low() {
    let source = HierarchyGrammar.source(TaskSettings())
    let target = targetGrammar(0)
    #expect(Set(target.alphabet.tiles).isDisjoint(with: source.alphabet.tiles))
    for level in 0..<3 {
      let taken = Set(source.rules[level].productions.joined())
      #expect(taken.isDisjoint(with: target.rules[level].productions.joined()))
    }
  }

  /// A fractional share keeps that share of a stratum, rounded, and draws the others new.
  @Test(arguments: [(0.25, 2), (0.5, 3), (0.75, 5)])  // of 6; 1.5 and 4.5 round up
  func fractions(share: Double, kept: Int) {
    let source = HierarchyGrammar.source(TaskSettings())
    let target = HierarchyGrammar.target(
      TaskSettings(), inheriting: Inheritance(alphabet: share, rules: [share, share]),
      replicate: 0)
    #expect(sharedTiles(target, source) == kept)
    #expect(sharedSymbols(target, source, level: 2) == kept)
    #expect(sharedSymbols(target, source, level: 1) == kept)
  }

  /// Strata are inherited independently: the middle rules alone can be kept.
  @Test func independent() {
    let source = HierarchyGrammar.source(TaskSettings())
    let target = HierarchyGrammar.target(
      TaskSettings(), inheriting: Inheritance(alphabet: 0, rules: [0, 1]), replicate: 0)
    #expect(sharedTiles(target, source) == 0)
    #expect(sharedSymbols(target, source, level: 2) == 0)
    #expect(target.rules[1] == source.rules[1])
  }

  /// What is new does not depend on what is inherited: class rules of one replicate are the same
  /// at every similarity.
  @Test func paired() {
    #expect(targetGrammar(0).rules[0] == targetGrammar(1).rules[0])
  }

  /// Replicates draw different class rules, rules and tiles.
  @Test func replicates() {
    let (first, second) = (targetGrammar(0, replicate: 0), targetGrammar(0, replicate: 1))
    #expect(sharedTiles(first, second) == 0)
    for level in 0..<3 { #expect(first.rules[level] != second.rules[level]) }
  }

  /// Shares outside 0...1 and a wrong number of strata are usage errors.
  @Test(arguments: [
    Inheritance(alphabet: 1.5, rules: [0, 0]), Inheritance(alphabet: 0, rules: [0, -0.1]),
    Inheritance(alphabet: 0, rules: [.nan, 0]), Inheritance(alphabet: 0, rules: [0]),
  ])
  func impossible(inheritance: Inheritance) {
    let error = failure {
      _ = try SyntheticTask.target(smallSettings(), inheriting: inheritance, replicate: 0)
    }
    #expect(error?.kind == .usage)
    #expect(error?.subject == "inheritance")
  }
}
