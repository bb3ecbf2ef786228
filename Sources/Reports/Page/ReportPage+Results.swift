package import Analysis
import Records

extension ReportPage {
  /// The report on one or several files of results.
  ///
  /// - Parameters:
  ///   - sources: The files; each gets its own report.
  ///   - title: The title of the page (default: what was found).
  ///   - progress: How far the measurements are (default: they have ended).
  /// - Throws: ``Failure`` of kind `badData` for results that cannot be judged, and what a fitted
  ///   advisor throws.
  package init(
    _ sources: [ReportSource], title: String? = nil, progress: PageProgress? = nil
  ) throws {
    self.init(title: title, reports: try sources.map(Self.report), progress: progress)
  }

  /// The reports of several pages on one.
  ///
  /// - Parameter title: The title of the page (default: what was found).
  package init(joining pages: [ReportPage], title: String? = nil) {
    self.init(title: title, reports: pages.flatMap(\.reports))
  }

  /// The report on what changed since earlier results.
  ///
  /// - Throws: ``Failure`` of kind `badData` if the two cannot be compared.
  package init(
    _ source: ReportSource, baseline: ReportSource, tolerances: Tolerances = .standard,
    title: String? = nil
  ) throws {
    let builder = try CheckReportBuilder(source, baseline, tolerances: tolerances)
    self.init(title: title, reports: [builder.report])
  }

  private static func report(_ source: ReportSource) throws -> PageReport {
    let results = source.results
    guard results.outcomes.contains(where: { $0?.measurement != nil }) else {
      throw Failure(
        .badData, "cannot report on the results", on: source.name, because: "no run completed",
        remedy: "Resume the sweep, or give other results.")
    }
    if !results.plan.depths.isEmpty { return DepthReportBuilder(source).report }
    if results.plan.splitRatio != nil { return try CompareReportBuilder(source).report }
    return try SweepReportBuilder(source).report
  }
}
