import Records
import TaskData
import Tensors

extension LinearProbe {
  /// How the strength of a probe was chosen.
  package struct StrengthChoice: Sendable, Hashable {
    /// One strength and its results on the examples that were left out in turn.
    package struct Candidate: Sendable, Hashable {
      package let strength: Double
      /// Examples classified correctly while they were left out, in all folds together.
      package let correct: Int
      /// Fraction of the examples left out that were classified correctly, 0...1.
      package let validationAccuracy: Double
      /// Mean negative log-likelihood of the examples left out, in nats.
      package let validationLogLoss: Double
      /// Number of iterations in all folds together.
      package let iterations: Int
      /// Whether the fits of all folds converged.
      package let converged: Bool

      /// Whether this strength is preferred to a smaller one.
      fileprivate func isBetter(than smaller: Candidate) -> Bool {
        correct > smaller.correct
          || correct == smaller.correct && validationLogLoss < smaller.validationLogLoss
      }
    }

    /// The strengths in ascending order.
    package let candidates: [Candidate]
    /// The strength with the most examples classified correctly; on a tie, the one with the lowest
    /// log-loss, and then the smallest.
    package let chosen: Double
  }

  /// Powers of ten from 1e-4 to 1e4.
  package static let powersOfTen: [Double] = [1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1e3, 1e4]

  /// Folds of the cross-validation that chooses a strength.
  package static let foldCount = 5

  /// The tolerance of the fits that compare strengths, which is scikit-learn's default; the final
  /// fit uses the requested tolerance.
  private static let candidateTolerance = 1e-4

  /// Whether there are enough examples to choose a strength: at least one per fold, not counting
  /// those that are the only example of their class.
  package static func canChooseStrength(labels: [Int32]) -> Bool {
    var counts: [Int32: Int] = [:]
    for label in labels { counts[label, default: 0] += 1 }
    return counts.values.reduce(0) { $1 > 1 ? $0 + $1 : $0 } >= foldCount
  }

  /// Fits a probe on all rows, with the strength that a stratified cross-validation with
  /// ``foldCount`` folds prefers.
  ///
  /// For each strength, a probe is fitted without each fold in turn and classifies that fold. The
  /// strength with the most hits is chosen, as by scikit-learn's `make_pipeline(StandardScaler(),
  /// LogisticRegressionCV(scoring="accuracy"))`; unlike there, the hits of all folds are added up,
  /// a tie goes to the lowest log-loss, and the only example of a class is never left out. Log-loss
  /// alone would not do: if classes are separable and rows are few, a few examples that are
  /// misclassified with high confidence make it prefer the strongest penalty, which predicts little
  /// more than the class frequencies. As in scikit-learn, features are standardized once, over all
  /// rows.
  ///
  /// The fits of a strength start from the solutions of the previous strength, the final fit from
  /// the mean of the solutions for the chosen strength.
  ///
  /// - Parameters:
  ///   - features: `[count, features]`.
  ///   - strengths: values of C, in any order.
  ///   - seed: determines which rows are in which fold.
  ///   - isCancelled: called before every strength and before every pass over the rows (default: it
  ///     is never cancelled).
  /// - Throws: `Failure` as ``fit(features:labels:classes:strength:effort:isCancelled:)`` does, and
  ///   if `strengths` is empty or ``canChooseStrength(labels:)`` is false; `CancellationError` once
  ///   `isCancelled` returns true.
  package static func choosingStrength(
    features: [Float], labels: [Int32], classes: Int, from strengths: [Double] = powersOfTen,
    seed: UInt64, effort: Effort = Effort(), isCancelled: () -> Bool = { false }
  ) throws -> (probe: LinearProbe, choice: StrengthChoice) {
    try check(features: features, labels: labels, classes: classes)
    for strength in strengths { try check(strength: strength) }
    guard !strengths.isEmpty, canChooseStrength(labels: labels) else {
      throw Failure(
        .usage, "cannot choose the strength of the linear probe",
        because: strengths.isEmpty
          ? "no strengths are given"
          : "\(labels.count) examples are too few to leave any out",
        remedy: strengths.isEmpty ? nil : "Give one strength, such as 1.")
    }
    let parts = Subset.folds(labels: labels, classCount: classes, count: foldCount, seed: seed)
    let regression = try LogisticRegression(
      features: features, labels: labels, classes: classes, parts: parts.folds + [parts.rest])

    var candidates: [StrengthChoice.Candidate] = []
    var best: (candidate: StrengthChoice.Candidate, solutions: [LogisticRegression.Solution])?
    var solutions = [LogisticRegression.Solution?](repeating: nil, count: foldCount)
    var trial = effort
    trial.tolerance = max(effort.tolerance, candidateTolerance)
    for strength in Set(strengths).sorted() {
      if isCancelled() { throw CancellationError() }
      let conditioning = regression.conditioning(strength: strength)
      let fits = try solutions.indices.map { fold in
        try regression.minimum(
          over: .allBut(part: fold), strength: strength, conditioning: conditioning,
          startingAt: solutions[fold], search: trial.search, isCancelled: isCancelled)
      }
      let passes = fits.indices.map { regression.score(fits[$0].solution, on: .part($0)) }
      let count = Double(labels.count - parts.rest.count)
      let correct = passes.reduce(0) { $0 + $1.correct }
      let candidate = StrengthChoice.Candidate(
        strength: strength, correct: correct, validationAccuracy: Double(correct) / count,
        validationLogLoss: passes.reduce(0) { $0 + $1.loss } / count,
        iterations: fits.reduce(0) { $0 + $1.search.iterations },
        converged: fits.allSatisfy(\.search.converged))
      candidates.append(candidate)
      solutions = fits.map(\.solution)
      let isBest = best.map { candidate.isBetter(than: $0.candidate) } ?? true
      if candidate.validationLogLoss.isFinite, isBest { best = (candidate, fits.map(\.solution)) }
    }
    guard let best else {
      throw Failure(
        .failed, "cannot choose the strength of the linear probe",
        because: "the validation loss is infinite for every strength")
    }
    let strength = best.candidate.strength
    let minimum = try regression.minimum(
      strength: strength, conditioning: regression.conditioning(strength: strength),
      startingAt: .mean(of: best.solutions), search: effort.search, isCancelled: isCancelled)
    return (
      LinearProbe(minimum, of: regression, strength: strength),
      StrengthChoice(candidates: candidates, chosen: strength)
    )
  }
}

extension LogisticRegression.Solution {
  fileprivate static func mean(of solutions: [Self]) -> Self {
    var mean = Self(
      kernel: Array(repeating: 0, count: solutions.first?.kernel.count ?? 0),
      bias: Array(repeating: 0, count: solutions.first?.bias.count ?? 0))
    let share = 1 / Double(solutions.count)
    for solution in solutions {
      mean.kernel.add(share, solution.kernel)
      mean.bias.add(share, solution.bias)
    }
    return mean
  }
}
