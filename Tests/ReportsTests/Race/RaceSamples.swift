import Analysis
import Records
import Reports
import Testing

/// What the races of several tests have in common: 100 labels in five folds of 20.
enum RaceSamples {
  static func task(
    _ criteria: AdviceCriteria, metric: RaceMetric = .accuracy
  ) -> RaceReport.Task {
    RaceReport.Task(
      labels: 100, classes: 2, folds: 5, shape: "8×8×1", network: "simple", budget: 600,
      elapsed: 42, metric: metric, criteria: criteria)
  }

  /// What twice as many labels would bring, by trainings on 20, 40 and 80 of them.
  static func forecast(_ name: String) throws -> RaceForecast {
    let measured = [(20, 12), (40, 15), (80, 19)].map { size, right in
      LabelForecast.Measured(size: size, correct: (0..<20).map { $0 < right })
    }
    let forecast = try #require(LabelForecast(measured, family: .tuned, size: 200, seed: 1))
    return RaceForecast(
      name: name, family: .tuned, accuracy: 0.95,
      values: [RaceForecast.Value(multiple: 2, forecast: forecast)])
  }
}
