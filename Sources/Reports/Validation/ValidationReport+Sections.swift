import Analysis
import Records

extension ValidationReport {
  private static let absent = MatrixText.absent

  /// The table of the rules under test, one line per place.
  func rulesByPlace() -> ReportSection {
    let rules = validation.rules.filter { $0.set == .table }
    return ReportSection(
      heading: "The rules under test, by place", keys: 3,
      columns: [
        .init("rule"), .init("similarity"), .init("n", .right), .init("advised"),
        .init("best other"),
        .init("regret", .right), .init("interval"), .init("r", .right), .init("cost", .right),
        .init("verdict"), .init("more", .right),
      ],
      lines: rules.flatMap { judgement in
        guard !judgement.cells.isEmpty else {
          return [[judgement.rule.id] + Array(repeating: Self.absent, count: 8) + ["not measured"]]
        }
        return judgement.cells.enumerated().map { index, cell in
          [index == 0 ? judgement.rule.id : ""] + line(cell)
        }
      })
  }

  private func line(_ verdict: RuleVerdict) -> [String] {
    [
      verdict.cell.similarity.label, "\(verdict.cell.trainSize)", verdict.rule.arm.name,
      verdict.regret?.rival.name ?? Self.absent, points(verdict.regret?.points),
      interval(verdict.regret?.interval), "\(verdict.regret?.pairCount ?? 0)",
      ratio(verdict.costRatio), verdict.verdict.rawValue,
      verdict.verdict == .undecided ? more(verdict.additionalReplicates) : "",
    ]
  }

  /// The table of all rules and their rivals, each over its places.
  ///
  /// - Parameter onlyMeasured: whether rules without a measured place are left out.
  func rulesOverall(onlyMeasured: Bool = false) -> ReportSection {
    ReportSection(
      heading: "Rules and rivals, overall",
      columns: [
        .init("rule"), .init("advice"), .init("s/r/u", .right), .init("mean regret", .right),
        .init("interval"), .init("cost", .right), .init("verdict"), .init("more", .right),
      ],
      lines: distinctRules.filter {
        !onlyMeasured || $0.overall.verdict != .notMeasured
      }.map { judgement in
        [judgement.rule.id, judgement.rule.arm.name] + line(judgement.overall)
      })
  }

  /// Every rule once, even if it belongs to several sets.
  private var distinctRules: [RuleJudgement] {
    var seen: Set<String> = []
    return validation.rules.filter { seen.insert($0.rule.id).inserted }
  }

  private func line(_ overall: OverallVerdict) -> [String] {
    [
      counts(overall), points(overall.mean), interval(overall.interval), ratio(overall.costRatio),
      overall.verdict.rawValue,
      overall.verdict == .undecided ? more(overall.additionalReplicates) : "",
    ]
  }

  /// The table of the general claims over all places, without those that were not measured.
  func claimsOverall() -> ReportSection {
    ReportSection(
      heading: "General claims, overall",
      columns: [
        .init("claim"), .init("s/r/u", .right), .init("effect", .right), .init("interval"),
        .init("verdict"), .init("more", .right),
      ],
      lines: validation.claims.filter { $0.overall.verdict != .notMeasured }.map { judgement in
        [judgement.claim.id] + summary(judgement)
      })
  }

  /// The counts, effect, interval, verdict and missing replicates of a claim over all places.
  private func summary(_ judgement: ClaimJudgement) -> [String] {
    let (overall, unit) = (judgement.overall, judgement.claim.measure.unit)
    return [
      counts(overall), effect(overall.mean, unit), effects(overall.interval, unit),
      overall.verdict.rawValue,
      overall.verdict == .undecided ? more(overall.additionalReplicates) : "",
    ]
  }

  func claimsSection() -> ReportSection {
    ReportSection(
      heading: "General claims", keys: 3,
      columns: [
        .init("claim"), .init("similarity"), .init("n", .right), .init("effect", .right),
        .init("interval"), .init("r", .right), .init("verdict"), .init("more", .right),
      ],
      lines: validation.claims.flatMap { judgement in
        let unit = judgement.claim.measure.unit
        var overall = summary(judgement)
        overall.insert("", at: 3)
        return [[judgement.claim.id, "overall"] + overall]
          + judgement.cells.map { cell in
            [
              "", cell.similarity?.label ?? "all", "\(cell.trainSize)", effect(cell.effect, unit),
              effects(cell.interval, unit), "\(cell.replicates)",
              cell.verdict.rawValue + (cell.isNegligible == true ? " ≈" : ""),
              cell.verdict == .undecided ? more(cell.additionalReplicates) : "",
            ]
          }
      })
  }

  func scoreboardSection() -> ReportSection {
    let board = validation.scoreboard
    let others = [
      (board.nothingLearnsCount, "where nothing learns"), (board.ceilingCount, "at the ceiling"),
    ].filter { $0.0 > 0 }.map { ", without \(NumberText.count($0.0)) \($0.1)" }.joined()
    return ReportSection(
      heading: "Scoreboard over \(MatrixText.counted(board.cellCount, "place"))\(others)", keys: 2,
      columns: [
        .init("advisor"), .init("held out"), .init("places", .right), .init("within", .right),
        .init("median", .right), .init("mean regret", .right), .init("interval"),
        .init("95th", .right), .init("cost", .right),
        .init("gain", .right), .init("interval"), .init(""),
      ],
      lines: validation.scoreboard.scores.map { score in
        [
          score.policy, score.heldOut == .nothing ? "" : score.heldOut.rawValue,
          NumberText.count(score.cellCount),
          score.shareWithinMargin.map { "\(NumberText.whole($0 * 100)) %" } ?? Self.absent,
          points(score.medianRegret), points(score.meanRegret), interval(score.interval),
          points(score.percentile95), ratio(score.costRatio),
          score.policy == RuleSet.table.name ? "" : points(score.difference?.points),
          score.policy == RuleSet.table.name ? "" : interval(score.difference?.interval),
          score.isOnFront ? "◆" : "",
        ]
      })
  }

  private func counts(_ overall: OverallVerdict) -> String {
    let telling = [Verdict.supported, .refuted, .undecided]
      .map { NumberText.count(overall.counts[$0] ?? 0) }.joined(separator: "/")
    let others = [Verdict.nothingLearns, .ceiling].reduce(0) { $0 + (overall.counts[$1] ?? 0) }
    return others == 0 ? telling : "\(telling) + \(NumberText.count(others))"
  }

  private func points(_ value: Double?) -> String {
    value.map { NumberText.points($0) } ?? Self.absent
  }

  private func interval(_ value: ConfidenceInterval?) -> String {
    value.map(NumberText.bounds) ?? Self.absent
  }

  private func ratio(_ value: Double?) -> String {
    value.map { "\(NumberText.threeDigits($0))×" } ?? Self.absent
  }

  private func more(_ count: Int?) -> String { count.map(NumberText.count) ?? Self.absent }

  /// An effect for people; logarithms of ratios are shown as ratios.
  private func effect(_ value: Double?, _ unit: ClaimUnit) -> String {
    guard let value else { return Self.absent }
    return unit == .logarithmOfRatio
      ? "\(NumberText.threeDigits(NumberText.exponential(value)))×" : NumberText.points(value)
  }

  private func effects(_ interval: ConfidenceInterval?, _ unit: ClaimUnit) -> String {
    guard let interval else { return Self.absent }
    if unit == .points { return NumberText.bounds(interval) }
    return "[\(effect(interval.lower, unit)), \(effect(interval.upper, unit))]"
  }
}
