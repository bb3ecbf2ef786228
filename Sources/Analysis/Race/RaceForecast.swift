/// What more labels would bring for one strategy of a race.
package struct RaceForecast: Sendable, Hashable, Codable {
  /// A forecast for a multiple of the labels.
  package struct Value: Sendable, Hashable, Codable {
    /// How many times as many labels.
    package let multiple: Double
    package let forecast: LabelForecast

    package init(multiple: Double, forecast: LabelForecast) {
      self.multiple = multiple
      self.forecast = forecast
    }
  }

  /// The name of the strategy.
  package let name: String
  package let family: LabelForecast.Family
  /// The accuracy of the largest trainings that the forecast rests on, 0...1.
  package let accuracy: Double
  package let values: [Value]

  package init(
    name: String, family: LabelForecast.Family, accuracy: Double, values: [Value]
  ) {
    self.name = name
    self.family = family
    self.accuracy = accuracy
    self.values = values
  }
}
