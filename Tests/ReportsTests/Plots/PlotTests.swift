import Foundation
import Reports
import Testing

/// Axes and labels against other implementations (Fixtures/make_plot_fixtures.py), and their laws.
struct PlotTests {
  private struct Fixture: Decodable {
    struct Ticks: Decodable {
      let lower, upper: Double
      let count: Int
      let ticks: [Double]
    }
    struct Labels: Decodable {
      let wanted, placed: [Double]
    }
    let ticks: [Ticks]
    let labels: [Labels]
  }

  private let fixture: Fixture

  init() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Fixtures/plots.json").standardizedFileURL
    fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
  }

  /// Linear ticks are those of the published algorithm.
  @Test func linearTicks() {
    #expect(fixture.ticks.count > 100)
    for expected in fixture.ticks {
      let found = LinearTicks.values(
        from: expected.lower, to: expected.upper, count: expected.count)
      let tolerance = 1e-9 * (expected.upper - expected.lower)
      let isEqual =
        found.count == expected.ticks.count
        && zip(found, expected.ticks).allSatisfy { abs($0 - $1) <= tolerance }
      #expect(
        isEqual, "\(expected.lower)...\(expected.upper): \(found), not \(expected.ticks)")
    }
  }

  /// A range without extent, or one that is not finite, has one tick and no endless search.
  @Test func emptyRanges() {
    #expect(LinearTicks.values(from: 3, to: 3) == [3])
    #expect(LinearTicks.values(from: 0, to: .infinity) == [0])
    #expect(LinearTicks.values(from: .nan, to: 1) == [0])
  }

  /// Powers of ten have labels; over less than two powers 1, 2 and 5 times a power have.
  @Test func logarithmicTicks() {
    let wide = LogTicks(from: 86, to: 123_200)
    #expect(wide.labelled == [100, 1_000, 10_000, 100_000])
    #expect(wide.unlabelled.first == 90 && wide.unlabelled.count == 25)
    let narrow = LogTicks(from: 90, to: 600)
    #expect(narrow.labelled == [100, 200, 500])
    #expect(narrow.unlabelled == [90, 300, 400, 600])
  }

  /// Labels are where the sum of their squared moves is least.
  @Test func labels() {
    #expect(fixture.labels.count == 24)
    for expected in fixture.labels {
      let found = LabelSpread.positions(expected.wanted, distance: 13, within: 10...190)
      for (one, other) in zip(found, expected.placed) { #expect(abs(one - other) < 0.01) }
    }
  }

  /// Labels without enough room are evenly spaced, and equal ones keep their order.
  @Test func crowdedLabels() {
    let crowded = LabelSpread.positions([5, 5, 5], distance: 13, within: 0...20)
    #expect(crowded == [0, 10, 20])
    #expect(LabelSpread.positions([500], distance: 13, within: 0...20) == [20])
    #expect(LabelSpread.positions([], distance: 13, within: 0...20) == [])
  }

  /// Scales map the ends of the domain to those of the range, and everything else between them.
  @Test func scales() {
    let linear = Scale(.linear, 0...100, from: 300, to: 0)
    #expect([0, 25, 100].map { linear($0) } == [300, 225, 0])
    let logarithmic = Scale(.logarithmic, 1...100, from: 0, to: 10)
    #expect([1, 10, 100].map { logarithmic($0) } == [0, 5, 10])
    let signed = Scale(.inverseSine(threshold: 1), -10...10, from: 0, to: 10)
    #expect(signed(0) == 5)
    // asinh(1) / asinh(10) = 0.8813736 / 2.9982230.
    #expect(abs(signed(1) - (5 + 5 * 0.8813736 / 2.9982230)) < 1e-6)
    for scale in [linear, logarithmic, signed] {
      for value in [-.infinity, -1e300, 0, 1e300, .infinity, .nan] {
        #expect((0...300).contains(scale(value)))
      }
    }
  }
}
