/// What picks an arm for a task: a rule of thumb, a constant, or a model that is fitted to
/// measurements.
///
/// The scoreboard asks fitted policies about places that the matrix they are given does not have:
/// it leaves out the whole similarity, or the whole train size, of the places in question.
package protocol AdvisingPolicy: Sendable {
  /// The name that the scoreboard and results carry, such as `rule-table`.
  var name: String { get }
  /// What it does, in a line.
  var summary: String { get }
  /// Whether the advice depends on measurements; only then anything is left out.
  var isFitted: Bool { get }

  /// The names of the advised arms, one per place; `nil` where there is no advice, or none of the
  /// advised arms is in the matrix.
  ///
  /// All places are asked at once so that a model is fitted once.
  ///
  /// - Parameter matrix: The measurements, and the arms there are to choose from.
  func advise(_ places: [MatrixPlace], fittedOn matrix: ResultsMatrix) throws -> [String?]
}
