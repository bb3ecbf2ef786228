import Analysis
import Records

/// The results of a sweep as the figures of its page need them.
struct SweepData: Sendable {
  let results: SweepResults
  let validation: Validation
  /// The measured places, in the order of the matrix.
  let places: [PlaceVerdict]
  let styles: StrategyStyles
  /// The planned similarities, the lowest first if all are known.
  let similarities: [Similarity]
  /// The planned numbers of training examples, ascending.
  let sizes: [Int]
  /// Whether advisors that are fitted to measurements are scored.
  let scoresFits: Bool
  private let index: [MatrixPlace: PlaceVerdict]
  private let advice: [MatrixPlace: RuleVerdict]

  /// The most places at which advisors are fitted for a page, and the most replicates of all of
  /// them.
  static let mostFitted = (places: 60, replicates: 6_000)

  /// - Throws: ``Failure`` of kind `badData` for results without a matrix, and what a fitted
  ///   advisor throws.
  init(_ results: SweepResults, criteria: VerdictCriteria = .standard) throws {
    self.results = results
    let matrix = try ResultsMatrix(results)
    // The time of fitting grows with the third power of the number of places, and with the number
    // of replicates.
    let places = matrix.cells.count
    scoresFits =
      places <= Self.mostFitted.places
      && places * matrix.replicates <= Self.mostFitted.replicates
    validation = try Validation(matrix, criteria: criteria, fitted: scoresFits ? nil : [])
    self.places = PlaceVerdict.all(in: matrix, criteria: criteria)
    styles = StrategyStyles(results.plan.arms)
    let planned = results.plan.similarities
    similarities =
      planned.allSatisfy(\.isKnown)
      ? planned.sorted { ($0.value ?? 0) < ($1.value ?? 0) } : planned
    sizes = results.plan.trainSizes.sorted()
    index = Dictionary(self.places.map { ($0.place, $0) }) { first, _ in first }
    let rules = validation.rules.filter { $0.set.id == RuleSet.table.id }
    advice = Dictionary(rules.flatMap(\.cells).map { ($0.cell.place, $0) }) { first, _ in first }
  }

  var matrix: ResultsMatrix { validation.matrix }

  var criteria: VerdictCriteria { validation.criteria }

  /// What was measured at a place; `nil` if nothing was.
  subscript(similarity: Similarity, size: Int) -> PlaceVerdict? {
    index[MatrixPlace(similarity: similarity, trainSize: size)]
  }

  /// The verdict on the rule table's advice at a place; `nil` if it has none there.
  func advice(at place: MatrixPlace) -> RuleVerdict? { advice[place] }

  /// The rules under test that were measured somewhere.
  var testedRules: [RuleJudgement] {
    validation.rules.filter {
      $0.set.id == RuleSet.table.id && $0.overall.verdict != .notMeasured
    }
  }

  /// The margin in words: `1 point`.
  var marginText: String {
    "\(FigureText.short(criteria.margin)) point\(criteria.margin == 1 ? "" : "s")"
  }

  /// At most so many of the items, evenly spaced, with the first and the last.
  static func thinned<Item>(_ items: [Item], to count: Int) -> [Item] {
    guard items.count > count, count > 1 else { return items }
    return (0..<count).map { items[$0 * (items.count - 1) / (count - 1)] }
  }
}
