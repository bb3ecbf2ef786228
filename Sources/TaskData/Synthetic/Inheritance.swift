package import Records

/// What a target grammar inherits from the source grammar, stratum by stratum.
///
/// A grammar of L rule levels has L strata that can be inherited: the alphabet and the L-1 rule
/// levels below the class rules. The class rules are always new. A fraction between 0 and 1 keeps
/// that fraction of the stratum's tiles or symbols, rounded to a whole number.
package struct Inheritance: Sendable, Hashable, Codable {
  /// Fraction of tiles kept, 0...1.
  package var alphabet: Double
  /// Fraction of symbols whose productions are kept, 0...1; one per rule level, lowest first.
  package var rules: [Double]

  package init(alphabet: Double, rules: [Double]) {
    self.alphabet = alphabet
    self.rules = rules
  }

  /// Fills the strata from the bottom: `similarity * levels` of them, the last one in part.
  ///
  /// - Parameters:
  ///   - similarity: 0 inherits nothing, 1 everything but the class rules.
  ///   - levels: rule levels of the grammar, with the class rules, at least 1.
  package init(similarity: Double, levels: Int) {
    let depth = similarity * Double(levels)
    let shares = (0..<levels).map { min(1, max(0, depth - Double($0))) }
    self.init(alphabet: shares[0], rules: Array(shares.dropFirst()))
  }

  /// The fraction of all strata that is inherited, 0...1.
  package var similarity: Double {
    (rules.reduce(alphabet, +)) / Double(rules.count + 1)
  }

  /// A name with the inherited fractions, lowest stratum first, such as `strata-1-0-0.5`.
  package var label: String {
    let shares = [alphabet] + rules
    return "strata" + shares.map { $0.rounded() == $0 ? "-\(Int($0))" : "-\($0)" }.joined()
  }

  /// - Throws: `Failure` of kind `usage` if a fraction is outside 0...1 or the number of strata is
  ///   not that of a grammar with `levels` rule levels.
  package func validate(levels: Int) throws(Failure) {
    guard rules.count == levels - 1 else {
      throw Failure(
        .usage, "cannot make a task", on: "inheritance",
        because: "\(rules.count) rule levels are given, but a grammar of \(levels) levels has "
          + "\(levels - 1) below the class rules",
        remedy: "Give one fraction for each, lowest first.")
    }
    guard let wrong = ([alphabet] + rules).first(where: { !(0...1).contains($0) }) else { return }
    throw Failure(
      .usage, "cannot make a task", on: "inheritance", because: "\(wrong) is outside 0...1",
      remedy: "Give fractions between 0 (all new) and 1 (all kept).")
  }
}
