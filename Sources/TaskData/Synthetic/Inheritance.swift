package import Records

/// What a target grammar inherits from the source grammar, stratum by stratum.
///
/// A grammar of L rule levels has L strata that can be inherited: the alphabet and the L-1 rule
/// levels below the class rules. Textured shapes have two: the textures are their alphabet, the
/// shapes their only rule level. The class rules are new unless ``classes`` says otherwise. A
/// fraction between 0 and 1 keeps that fraction of the stratum's tiles or symbols, rounded to a
/// whole number, or changes all tiles a little and single productions (``isGradual``).
package struct Inheritance: Sendable, Hashable {
  /// Fraction of tiles kept, 0...1.
  package var alphabet: Double
  /// Fraction of symbols whose productions are kept, 0...1; one per rule level, lowest first.
  package var rules: [Double]
  /// Fraction of target classes that keep the productions of the source class of their number,
  /// 0...1 (default: 0, all class rules are new).
  package var classes: Double

  /// Whether a fraction between 0 and 1 blends every old tile with a new one, and keeps that
  /// fraction of a level's productions instead of whole symbols (default: false).
  package var isGradual: Bool

  package init(
    alphabet: Double, rules: [Double], classes: Double = 0, isGradual: Bool = false
  ) {
    self.alphabet = alphabet
    self.rules = rules
    self.classes = classes
    self.isGradual = isGradual
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

  /// The fraction of the strata below the class rules that is inherited, 0...1.
  package var similarity: Double {
    (rules.reduce(alphabet, +)) / Double(rules.count + 1)
  }

  /// A name with the inherited fractions, lowest stratum first, such as `strata-1-0-0.5` or, if
  /// classes are inherited as well, `strata-1-0-0.5-classes-1`.
  package var label: String {
    let shares = [alphabet] + rules
    return "strata" + shares.map { "-" + Self.text($0) }.joined()
      + (classes == 0 ? "" : "-classes-" + Self.text(classes)) + (isGradual ? "-gradual" : "")
  }

  private static func text(_ share: Double) -> String {
    share.rounded() == share ? "\(Int(share))" : "\(share)"
  }

  /// - Throws: `Failure` of kind `usage` if a fraction is outside 0...1, the number of strata is
  ///   not that of a grammar with `settings`, or the source lacks classes that are inherited.
  package func validate(_ settings: TaskSettings) throws(Failure) {
    let strata = settings.strata
    guard settings.family == .hierarchy || (classes == 0 && !isGradual) else {
      throw Failure(
        .usage, "cannot make a task", on: "shift",
        because: "kinds of shift are defined for tasks of \(TaskFamily.hierarchy.title), not of "
          + settings.family.title,
        remedy: "Leave out the kind, or use the family \(TaskFamily.hierarchy.rawValue).")
    }
    guard classes == 0 || settings.targetClasses <= settings.sourceClasses else {
      throw Failure(
        .usage, "cannot make a task", on: "targetClasses",
        because: "\(settings.targetClasses) classes cannot be those of a source task with "
          + "\(settings.sourceClasses)",
        remedy: "Use at most as many target classes as source classes.")
    }
    guard rules.count == strata - 1 else {
      throw Failure(
        .usage, "cannot make a task", on: "inheritance",
        because: "\(rules.count) rule levels are given, but a grammar of \(strata) levels has "
          + "\(strata - 1) below the class rules",
        remedy: "Give one fraction for each, lowest first.")
    }
    let shares = [alphabet] + rules + [classes]
    guard let wrong = shares.first(where: { !(0...1).contains($0) }) else { return }
    throw Failure(
      .usage, "cannot make a task", on: "inheritance", because: "\(wrong) is outside 0...1",
      remedy: "Give fractions between 0 (all new) and 1 (all kept).")
  }
}

extension Inheritance: Codable {
  private enum CodingKeys: CodingKey {
    case alphabet, rules, classes, isGradual
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      alphabet: try values.decode(Double.self, forKey: .alphabet),
      rules: try values.decode([Double].self, forKey: .rules),
      classes: try values.decodeIfPresent(Double.self, forKey: .classes) ?? 0,
      isGradual: try values.decodeIfPresent(Bool.self, forKey: .isGradual) ?? false)
  }

  /// Encodes what earlier versions did not have only if it is not at its default, so that their
  /// recipes keep their text.
  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(alphabet, forKey: .alphabet)
    try values.encode(rules, forKey: .rules)
    if classes != 0 { try values.encode(classes, forKey: .classes) }
    if isGradual { try values.encode(isGradual, forKey: .isGradual) }
  }
}
