package import Tensors

/// A 2×2 grid of symbols of the next level, which can stand for a symbol.
package struct Production: Sendable, Hashable {
  /// The symbols in reading order: top left, top right, bottom left, bottom right.
  package let children: [Int]

  package init(children: [Int]) {
    precondition(children.count == 4, "a production is a 2×2 grid")
    self.children = children
  }
}

/// The productions of all symbols of one level, all different from each other, so that a grid
/// identifies the symbol that it stands for.
package struct RuleLevel: Sendable, Hashable {
  /// The alternatives of every symbol, `[symbol, alternative]`.
  package let productions: [[Production]]

  /// Draws new productions.
  ///
  /// - Parameters:
  ///   - symbols: number of symbols of this level.
  ///   - alternatives: productions per symbol.
  ///   - children: number of symbols of the next level.
  ///   - other: a rule level none of whose productions may be drawn.
  /// - Precondition: there are enough different grids (`TaskSettings.validate`).
  package init(
    symbols: Int, alternatives: Int, children: Int, unlike other: RuleLevel? = nil,
    using generator: inout CounterGenerator
  ) {
    var taken = Set(other?.productions.joined().map { $0 } ?? [])
    precondition(
      taken.count + symbols * alternatives <= children * children * children * children,
      "there are not enough different grids")
    productions = (0..<symbols).map { _ in
      (0..<alternatives).map { _ in
        while true {
          let grid = (0..<4).map { _ in generator.index(below: children) }
          let candidate = Production(children: grid)
          if taken.insert(candidate).inserted { return candidate }
        }
      }
    }
  }

  /// Keeps the productions of the fraction `share` of the symbols of `source` and replaces those of
  /// the others with productions that `source` does not have.
  package init(
    keeping share: Double, of source: RuleLevel, children: Int,
    using generator: inout CounterGenerator
  ) {
    let count = source.productions.count
    let kept = keptSymbols(of: count, share: share, using: &generator)
    let new = RuleLevel(
      symbols: count, alternatives: source.productions[0].count, children: children,
      unlike: source, using: &generator)
    productions = (0..<count).map { kept[$0] ? source.productions[$0] : new.productions[$0] }
  }

  private init(productions: [[Production]]) { self.productions = productions }

  /// The level with a fraction of its productions replaced by those that `source` has at the same
  /// place.
  ///
  /// Nothing is drawn for a fraction of 0.
  ///
  /// - Parameter isGradual: whether the fraction is of all productions, whichever symbol they
  ///   belong to, and not of whole symbols.
  /// - Precondition: `source` has at least as many symbols, with as many productions each.
  func keeping(
    _ share: Double, of source: RuleLevel, gradually isGradual: Bool,
    using generator: inout CounterGenerator
  ) -> RuleLevel {
    guard share > 0, let alternatives = productions.first?.count else { return self }
    let perUnit = isGradual ? 1 : alternatives
    let kept = keptSymbols(
      of: productions.count * alternatives / perUnit, share: share, using: &generator)
    return RuleLevel(
      productions: productions.indices.map { symbol in
        (0..<alternatives).map { alternative in
          kept[(symbol * alternatives + alternative) / perUnit]
            ? source.productions[symbol][alternative] : productions[symbol][alternative]
        }
      })
  }
}
