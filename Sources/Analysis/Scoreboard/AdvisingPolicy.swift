/// An advisor that picks a strategy for a task: a rule of thumb, a constant, or a model that is
/// fitted to measurements.
///
/// The scoreboard asks fitted advisors about places that are not in the matrix they are given: it
/// leaves out the whole similarity, or the whole train size, of the places in question.
package protocol AdvisingPolicy: Sendable {
  /// The name of the advisor on the scoreboard and in results, such as `rule-table`.
  var name: String { get }
  /// A one-line description of the advisor.
  var summary: String { get }
  /// Whether the advice depends on measurements; only then places are left out.
  var isFitted: Bool { get }

  /// The names of the advised strategies, one per place; `nil` if there is no advice, or the
  /// advised strategy is not in the matrix.
  ///
  /// One call covers all places, so that a model is fitted only once.
  ///
  /// - Parameter matrix: The measurements, and the strategies to choose from.
  func advise(_ places: [MatrixPlace], fittedOn matrix: ResultsMatrix) throws -> [String?]
}
