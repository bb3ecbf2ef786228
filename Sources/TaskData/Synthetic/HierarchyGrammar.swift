import Records
import Tensors

/// A random hierarchy: classes made of parts, parts made of smaller parts, the smallest drawn as
/// tiles.
///
/// After the Random Hierarchy Model of Cagnetta, Petrini, Tomasini, Favero and Wyart, "How Deep
/// Neural Networks Learn Compositional Data: The Random Hierarchy Model", Phys. Rev. X 14, 031001
/// (2024). Deviations: productions are 2×2 grids and terminals are tiles of pixels, so that a
/// derivation is an image.
package struct HierarchyGrammar: Sendable, Hashable {
  /// The rule levels, from the class rules to the rules that produce terminals.
  package let rules: [RuleLevel]
  package let alphabet: TileAlphabet

  package var classCount: Int { rules[0].productions.count }

  /// The grammar of the source task.
  ///
  /// - Precondition: `settings` are valid.
  package static func source(_ settings: TaskSettings) -> HierarchyGrammar {
    let rules = (0..<settings.levels).map { level in
      var generator = CounterGenerator(
        seed: ContentDigest.seed("source rules", "\(settings.seed)", "\(level)"))
      return RuleLevel(
        symbols: level == 0 ? settings.sourceClasses : settings.symbols,
        alternatives: settings.productions, children: settings.symbols, using: &generator)
    }
    var generator = CounterGenerator(
      seed: ContentDigest.seed("source alphabet", "\(settings.seed)"))
    let alphabet = TileAlphabet(
      count: settings.symbols, tileSize: settings.tileSize, using: &generator)
    return HierarchyGrammar(rules: rules, alphabet: alphabet)
  }

  /// The grammar of a target task that inherits part of the source's.
  ///
  /// The new parts depend on the replicate and the stratum but not on the inheritance, so that
  /// tasks of one replicate differ only in what they inherit: they have the same class rules, for
  /// instance.
  ///
  /// - Precondition: `settings` and `inheritance` are valid.
  package static func target(
    _ settings: TaskSettings, inheriting inheritance: Inheritance, replicate: Int
  ) -> HierarchyGrammar {
    let source = source(settings)
    let rules = (0..<settings.levels).map { level in
      var generator = CounterGenerator(
        seed: ContentDigest.seed(
          "target rules", "\(settings.seed)", "\(replicate)", "\(level)"))
      guard level > 0 else {
        let new = RuleLevel(
          symbols: settings.targetClasses, alternatives: settings.productions,
          children: settings.symbols, unlike: source.rules[0], using: &generator)
        // Chosen after the new rules are drawn, which therefore do not depend on the fraction.
        return new.keeping(
          inheritance.classes, of: source.rules[0], gradually: inheritance.isGradual,
          using: &generator)
      }
      // Inherited fractions are listed from the lowest level up, rules from the classes down.
      let share = inheritance.rules[settings.levels - 1 - level]
      guard inheritance.isGradual else {
        return RuleLevel(
          keeping: share, of: source.rules[level], children: settings.symbols, using: &generator)
      }
      let new = RuleLevel(
        symbols: settings.symbols, alternatives: settings.productions,
        children: settings.symbols, unlike: source.rules[level], using: &generator)
      return new.keeping(
        share, of: source.rules[level], gradually: true, using: &generator)
    }
    var generator = CounterGenerator(
      seed: ContentDigest.seed("target alphabet", "\(settings.seed)", "\(replicate)"))
    let alphabet = TileAlphabet(
      keeping: inheritance.isGradual ? 0 : inheritance.alphabet, of: source.alphabet,
      using: &generator)
    return HierarchyGrammar(
      rules: rules,
      alphabet: inheritance.isGradual
        ? alphabet.blended(inheritance.alphabet, with: source.alphabet) : alphabet)
  }
}
