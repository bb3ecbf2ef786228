import Records
import TaskData

extension LinearProbe {
  /// How the strength of a probe was chosen.
  package struct StrengthChoice: Sendable, Hashable {
    /// One strength and how it did on the part held out.
    package struct Candidate: Sendable, Hashable {
      package let strength: Double
      /// Mean negative log-likelihood on the validation part, in nats.
      package let validationLogLoss: Double
      /// Share of the validation part classified correctly, 0...1.
      package let validationAccuracy: Double
      package let iterations: Int
      package let converged: Bool
    }

    /// The strengths in ascending order.
    package let candidates: [Candidate]
    /// The strength with the lowest validation log-loss; the smaller one on a tie.
    package let chosen: Double
  }

  /// Powers of ten from 1e-4 to 1e4.
  package static let powersOfTen: [Double] = [1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1e3, 1e4]

  /// Fits a probe with the strength that does best on a class-balanced part held out, on all rows.
  ///
  /// Each strength starts from the solution of the one before, the last fit from the chosen one's.
  ///
  /// - Parameters:
  ///   - features: `[count, features]`.
  ///   - strengths: values of C, in any order.
  ///   - holdOut: share of the rows to validate on, in 0..<1.
  ///   - seed: decides which rows are held out.
  /// - Throws: `Failure` as ``fit(features:labels:classes:strength:effort:)`` does, and where
  ///   there is no strength to choose from or no row to hold out.
  package static func choosingStrength(
    features: [Float], labels: [Int32], classes: Int, from strengths: [Double] = powersOfTen,
    holdOut: Double = 0.2, seed: UInt64, effort: Effort = Effort()
  ) throws -> (probe: LinearProbe, choice: StrengthChoice) {
    try check(features: features, labels: labels, classes: classes)
    for strength in strengths { try check(strength: strength) }
    let parts = Subset.split(
      Array(labels.indices), labels: labels, classCount: classes, holdOut: holdOut, seed: seed)
    guard !strengths.isEmpty, !parts.validation.isEmpty else {
      throw Failure(
        .usage, "cannot choose the strength of the linear probe",
        because: strengths.isEmpty
          ? "no strengths are given"
          : "\(labels.count) examples are too few to hold any out",
        remedy: strengths.isEmpty ? nil : "Give one strength, such as 1.")
    }
    let width = features.count / labels.count
    func part(_ indices: [Int]) -> (features: [Float], labels: [Int32]) {
      var rows: [Float] = []
      rows.reserveCapacity(indices.count * width)
      for index in indices {
        rows.append(contentsOf: features[index * width..<(index + 1) * width])
      }
      return (rows, indices.map { labels[$0] })
    }
    let (train, validation) = (part(parts.train), part(parts.validation))

    var flops = 0.0
    var bytes = 0
    var candidates: [StrengthChoice.Candidate] = []
    var best: (strength: Double, solution: LogisticRegression.Solution, logLoss: Double)?
    do {
      let regression = try LogisticRegression(
        features: train.features, labels: train.labels, classes: classes)
      let held = try SoftmaxRows(validation.features, labels: validation.labels, classes: classes)
      var start: LogisticRegression.Solution?
      for strength in Set(strengths).sorted() {
        let minimum = regression.minimum(
          strength: strength, startingAt: start, search: effort.search)
        let solution = minimum.solution
        let pass = held.pass(
          kernel: solution.kernel.map(Float.init), bias: solution.bias.map(Float.init),
          gradient: false)
        let count = Double(validation.labels.count)
        let logLoss = pass.loss / count
        candidates.append(
          StrengthChoice.Candidate(
            strength: strength, validationLogLoss: logLoss,
            validationAccuracy: Double(pass.correct) / count,
            iterations: minimum.search.iterations, converged: minimum.search.converged))
        if logLoss < best?.logLoss ?? .infinity { best = (strength, solution, logLoss) }
        start = solution
      }
      flops = regression.rows.flops + held.flops
      bytes = regression.rows.bytes + held.bytes
    }
    guard let best else {
      throw Failure(
        .failed, "cannot choose the strength of the linear probe",
        because: "the validation loss is infinite for every strength")
    }
    let regression = try LogisticRegression(features: features, labels: labels, classes: classes)
    let minimum = regression.minimum(
      strength: best.strength, startingAt: best.solution, search: effort.search)
    let probe = LinearProbe(
      minimum, strength: best.strength, classes: classes, flops: flops + regression.rows.flops,
      bytes: max(bytes, regression.rows.bytes))
    return (probe, StrengthChoice(candidates: candidates, chosen: best.strength))
  }
}
