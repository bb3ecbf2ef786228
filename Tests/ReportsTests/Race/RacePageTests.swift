import Analysis
import Foundation
import Records
import Reports
import Testing

/// The page of a race.
struct RacePageTests {
  /// A race of two strategies and guessing over two of five folds of 20 examples each.
  ///
  /// - Parameter rights: how many of them each is right on.
  private func race(
    _ rights: [Int], names: [String] = ["good", "poor", "guess"], metric: RaceMetric = .accuracy
  ) throws -> RaceReport {
    let folds = (0..<5).map { fold in Array(fold * 20..<fold * 20 + 20) }
    var record = RaceRecord()
    for (name, right) in zip(names.dropLast(), rights) {
      for fold in 0..<2 {
        record.outcomes[RacePiece(strategy: name, fold: fold)] = .completed(
          PieceResult(correct: (0..<20).map { $0 < right }, cpuSeconds: 2))
      }
    }
    record.drops = [RaceRecord.Drop(name: "slow", folds: 0, reason: .time)]
    let entrants = zip(names, rights).map { name, right in
      RaceTable.Entrant(
        name: name,
        correct: Dictionary(
          uniqueKeysWithValues: (0..<2).map { ($0, (0..<20).map { $0 < right }) }))
    }
    let criteria = AdviceCriteria()
    let answer = try #require(
      RaceAnswer(
        RaceTable(folds: folds, labels: (0..<100).map { Int32($0 % 2) }, entrants: entrants),
        rules: RaceRules(criteria), guess: 2, costs: [0: 8, 1: 2], seed: 1))
    return RaceReport(
      task: RaceSamples.task(criteria, metric: metric),
      answer: answer, names: names, record: record, costs: [0: 8, 1: 2], features: nil,
      forecasts: [try RaceSamples.forecast(names[0])],
      sealedTest: nil, next: "tlbench train …")
  }

  private func page(_ race: RaceReport) -> ReportPage {
    ReportPage(race, weights: "w.h5", data: PageSamples.hostile, toolVersion: "1.0.0")
  }

  /// The title is the answer, and every figure has its table.
  @Test func answer() throws {
    let page = page(try race([19, 6, 10]))
    #expect(page.html.contains("good is ahead with ") || page.html.contains("<h1>Use good: "))
    #expect(page.figures.map(\.name) == ["standing.svg", "folds.svg", "forecast.svg"])
    for name in ["standing", "folds", "forecast"] {
      #expect(page.html.contains("aria-label=\"Table of \(name)\""))
    }
    // Nineteen and six of twenty examples, on both folds.
    #expect(page.html.contains("<td>good</td><td class=\"n\">1</td><td class=\"n\">20</td>"))
    #expect(page.html.contains("<td class=\"n\">95.00</td>"))
    #expect(page.html.contains("<td class=\"n\">30.00</td>"))
    #expect(page.html.contains("Left the race early: slow."))
  }

  /// Balanced accuracy is called so, and has no interval by unweighted examples.
  @Test func balanced() throws {
    let html = page(try race([19, 6, 10], metric: .balancedAccuracy)).html
    #expect(html.contains("balanced accuracy in %") && html.contains("balanced accuracy of "))
    #expect(!html.contains("interval by the examples"))
    let plain = page(try race([19, 6, 10])).html
    #expect(!plain.contains("balanced accuracy") && plain.contains("interval by the examples"))
    #expect(
      html.components(separatedBy: "whisker").count
        < plain.components(separatedBy: "whisker").count)
  }

  /// If no strategy is shown to be better than guessing, none is named.
  @Test func guessing() throws {
    let page = page(try race([10, 10, 10]))
    #expect(page.html.contains("<h1>No strategy is shown to be better than guessing</h1>"))
    #expect(!page.html.contains("chosen</tspan>"))
  }

  /// Names from files are text, and every number is inside its picture.
  @Test func hostileNames() throws {
    let names = [PageSamples.hostile, "\(PageSamples.hostile)2", "guess"]
    let page = page(try race([19, 6, 10], names: names))
    let elements = try PageParser(page.html).elements
    #expect(elements.count { $0.name == "script" } == 1)
    #expect(!elements.flatMap(\.attributes.keys).contains { $0.lowercased().hasPrefix("on") })
    for figure in page.figures {
      for element in try PageParser(figure.svg).elements where element.name != "svg" {
        let points = try #require(PageParser.points(of: element))
        for point in points {
          #expect((0...element.frame.width).contains(point.x), "\(figure.name) \(element)")
          #expect((0...element.frame.height).contains(point.y), "\(figure.name) \(element)")
        }
      }
    }
  }
}
