package import Records
package import Tensors

/// The kind, size and difficulty of synthetic tasks: one source task and the target tasks that
/// inherit from it.
package struct TaskSettings: Sendable, Hashable, Codable {
  /// `nil` for the default family, so that its recipes keep their text.
  private var otherFamily: TaskFamily?
  /// Number of rule levels of a hierarchy, 1...6; each doubles the side of the image, that of other
  /// families as well.
  package var levels = 3
  /// Symbols of every level below the classes, and tiles of the alphabet, 2...16; for textured
  /// shapes the number of textures and that of shapes.
  package var symbols = 6
  /// Alternative productions of every symbol and class, at least 1; for textured shapes those of
  /// every class.
  package var productions = 3
  /// Side of a tile in pixels, 2...16.
  package var tileSize = 2
  package var targetClasses = 10
  package var sourceClasses = 20
  /// Standard deviation of the Gaussian noise on every pixel, 0...2; tiles have amplitude 1.
  package var noise = 0.4
  package var trainCount = 10_000
  package var testCount = 2_000
  package var sourceTrainCount = 20_000
  package var sourceTestCount = 2_000
  /// The seed of the family: another seed gives a new source grammar and new targets.
  package var seed: UInt64 = 1

  private enum CodingKeys: String, CodingKey {
    case otherFamily = "family"
    case levels, symbols, productions, tileSize, targetClasses, sourceClasses, noise, trainCount
    case testCount, sourceTrainCount, sourceTestCount, seed
  }

  package init() {}

  /// How images are made (default: as random hierarchies).
  package var family: TaskFamily {
    get { otherFamily ?? .hierarchy }
    set { otherFamily = newValue == .hierarchy ? nil : newValue }
  }

  /// The number of strata that a target task can inherit, without those of the class rules.
  package var strata: Int {
    switch family {
    case .hierarchy: levels
    case .shapes: ShapeGrammar.strata
    }
  }

  /// Shape of every image: one channel, side `tileSize * 2^levels`.
  package var imageShape: ImageShape {
    ImageShape(height: tileSize << levels, width: tileSize << levels, channels: 1)
  }

  /// The number of different 2×2 grids of symbols.
  var gridCount: Int { symbols * symbols * symbols * symbols }

  /// - Throws: `Failure` of kind `usage` that names the setting and its valid values.
  package func validate() throws(Failure) {
    try require("levels", levels, in: 1...6)
    try require("symbols", symbols, in: 2...16)
    try require("productions", productions, in: 1...65_536)
    try require("tileSize", tileSize, in: 2...16)
    try require("targetClasses", targetClasses, in: 2...65_536)
    try require("sourceClasses", sourceClasses, in: 2...65_536)
    try require("trainCount", trainCount, in: targetClasses...10_000_000)
    try require("testCount", testCount, in: targetClasses...10_000_000)
    try require("sourceTrainCount", sourceTrainCount, in: sourceClasses...10_000_000)
    try require("sourceTestCount", sourceTestCount, in: sourceClasses...10_000_000)
    guard (0...2).contains(noise) else { throw rejected("noise", "\(noise)", "0...2") }
    try validateProductions()
  }

  /// A target's new productions differ from the source's, so both have to fit.
  private func validateProductions() throws(Failure) {
    let users: (count: Int, name: String)
    let choices: (count: Int, name: String)
    switch family {
    case .hierarchy:
      let largest = max(sourceClasses + targetClasses, levels > 1 ? 2 * symbols : 0)
      users = (largest, "symbols")
      choices = (gridCount, "different grids of \(symbols) symbols")
    case .shapes:
      users = (sourceClasses + targetClasses, "classes")
      choices = (
        ShapeGrammar.objectCount(symbols: symbols),
        "different objects of \(symbols) shapes and \(symbols) textures"
      )
    }
    guard users.count * productions <= choices.count else {
      throw Failure(
        .usage, "cannot make a task", on: "productions",
        because: "\(users.count) \(users.name) of source and target with \(productions) "
          + "productions each need more than the \(choices.count) \(choices.name)",
        remedy: "Use fewer classes or productions, or more symbols.")
    }
  }

  private func require(
    _ setting: String, _ value: Int, in range: ClosedRange<Int>
  ) throws(Failure) {
    guard range.contains(value) else {
      throw rejected(setting, "\(value)", "\(range.lowerBound)...\(range.upperBound)")
    }
  }

  private func rejected(_ setting: String, _ value: String, _ range: String) -> Failure {
    Failure(
      .usage, "cannot make a task", on: setting, because: "\(value) is outside \(range)",
      remedy: "Choose a value in \(range).")
  }
}
