package import Records

/// The strength of shifts of different kinds on one scale, so that they can be compared at equal
/// strength.
///
/// The scale is the fraction of the source network's accuracy above chance that is left on the
/// target task without any training: the network assigns test images to the source classes that the
/// target's classes replace. It is 1 for a target that inherits everything, class rules included.
///
/// Measured by `tlbench-worker shift-strength` with the network of `Datasets/medium.weights.h5` on
/// 20 target tasks that no sweep has, at the default settings of synthetic tasks. The standard
/// error is at most 0.03 for `input`, 0.024 for `feature` and 0.011 for `output`.
package enum ShiftStrength {
  /// The measurements of one kind.
  private struct Curve {
    /// The number of parts that the tiles or productions are divided into.
    let parts: Int
    /// How many parts are inherited, and the fraction of accuracy that is left, from all to none.
    let points: [(inherited: Int, left: Double)]
  }

  private static let input = Curve(
    parts: 20,
    points: [
      (20, 1), (19, 0.9998), (18, 0.9992), (17, 0.9976), (16, 0.9922), (15, 0.9767),
      (14, 0.9233), (13, 0.7755), (12, 0.5077), (11, 0.2564), (10, 0.1093), (9, 0.0493),
      (8, 0.0211), (7, 0.0097), (6, 0.0045), (5, 0.0023), (4, 0.002), (3, 0.0021), (2, 0.0026),
      (1, 0.0042), (0, 0.0068),
    ])

  private static let feature = Curve(
    parts: 18,
    points: [
      (18, 1), (17, 0.9188), (16, 0.8177), (15, 0.7036), (14, 0.5915), (13, 0.4728),
      (12, 0.3608), (11, 0.2769), (10, 0.2017), (9, 0.1478), (8, 0.1076), (7, 0.0812),
      (6, 0.0485), (5, 0.034), (4, 0.0183), (3, 0.0111), (2, 0.0056), (1, 0.003), (0, 0.0016),
    ])

  private static let output = Curve(
    parts: 30,
    points: [
      (30, 1), (29, 0.9679), (27, 0.9047), (26, 0.8703), (24, 0.8067), (23, 0.7716),
      (21, 0.7061), (20, 0.6767), (18, 0.6076), (17, 0.571), (15, 0.5092), (13, 0.4405),
      (12, 0.4079), (11, 0.373), (9, 0.3046), (8, 0.2719), (6, 0.2076), (5, 0.1763), (3, 0.1075),
      (2, 0.0773), (0, 0.0135),
    ])

  /// The fraction of the parts of a kind to inherit, 0...1, that leaves a fraction of the source
  /// network's accuracy above chance, 0...1.
  ///
  /// Linear between the measurements; 1 inherits everything and 0 nothing.
  static func inherited(_ kind: Shift, leaving wanted: Double) -> Double {
    let curve =
      switch kind {
      case .input: input
      case .feature: feature
      case .output: output
      }
    let points = curve.points
    guard wanted > 0 else { return 0 }
    guard wanted < 1, let below = points.firstIndex(where: { $0.left < wanted }), below > 0 else {
      return wanted < 1 ? 0 : 1
    }
    let (upper, lower) = (points[below - 1], points[below])
    let part = (wanted - lower.left) / (upper.left - lower.left)
    let inherited = Double(lower.inherited) + part * Double(upper.inherited - lower.inherited)
    return inherited / Double(curve.parts)
  }
}

extension Inheritance {
  /// Inherits everything but a part of one kind.
  ///
  /// - Parameters:
  ///   - kind: `input` changes the alphabet, `feature` all rules between the alphabet and the class
  ///     rules, `output` the class rules.
  ///   - share: the fraction of what the kind changes that is inherited, 0...1.
  ///   - levels: rule levels of the grammar, with the class rules, at least 1.
  package init(_ kind: Shift, inheriting share: Double, levels: Int) {
    self.init(
      alphabet: kind == .input ? share : 1,
      rules: Array(repeating: kind == .feature ? share : 1, count: levels - 1),
      classes: kind == .output ? share : 1, isGradual: true)
  }

  /// Inherits everything but a part of one kind, at a strength of ``ShiftStrength``.
  ///
  /// - Parameter similarity: the fraction of the source network's accuracy above chance that is
  ///   left, 0...1: 0 inherits nothing of what the kind changes, 1 everything.
  package init(_ kind: Shift, leaving similarity: Double, levels: Int) {
    self.init(
      kind, inheriting: ShiftStrength.inherited(kind, leaving: similarity), levels: levels)
  }
}
