import Analysis
import Foundation
import Records
import Reports
import Results
import Testing

/// Two strategies of VTAB's table by group: the numbers that the table is known for.
struct ComparisonReportTests {
  private static let results = Result { try vtab() }

  /// VTAB's table as published, with the groups of the long form.
  private static func vtab() throws -> SweepResults {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../ResultsTests/Import/Tables").standardizedFileURL
    let long = try CSVTable(
      Array(try Data(contentsOf: folder.appending(path: "vtab_long.csv"))), name: "long")
    let groups = Dictionary(long.rows.map { ($0.fields[1], $0.fields[2]) }) { first, _ in first }
    var layout = WideLayout(headerRows: 2, sizeRow: 1)
    layout.skippedColumns = ["metadata"]
    let table = try WideTable(
      Array(try Data(contentsOf: folder.appending(path: "vtab_results_original.csv"))),
      name: "vtab", layout: layout)
    let values = TableValues(unit: .percent, sizeWords: ["full": 50_000], groups: groups)
    let provenance = Provenance(
      toolVersion: "1", commandLine: "", processor: nil, libraries: [], finishedAt: "", jobs: 0,
      wallSeconds: 0, taskDigests: [:])
    return try TableImport(table, values: values).results(digest: "d", provenance: provenance)
  }

  private func comparison(hasGroups: Bool = true) throws -> GroupComparison {
    let results = try Self.results.get()
    let first = try #require(results.plan.arms.first { $0.name == "Sup-100%" })
    let second = try #require(results.plan.arms.first { $0.name == "From-Scratch" })
    return GroupComparison(
      first, minus: second, in: try ResultsMatrix(results),
      groups: hasGroups ? results.plan.taskGroups ?? [:] : [:])
  }

  private func report() throws -> ValidationReport {
    let matrix = try ResultsMatrix(try Self.results.get())
    return ValidationReport(
      try Validation(matrix, fitted: []), comparison: try comparison())
  }

  /// Sup-100% minus From-Scratch by group, with 1,000 examples and with all.
  @Test func groupMeans() throws {
    let expected: [(String?, Int, Double, Double, Double)] = [
      ("natural", 1_000, 45.549, 28.856, 62.243), ("natural", 50_000, 32.825, 12.466, 53.183),
      ("specialised", 1_000, 13.548, -13.371, 40.467),
      ("specialised", 50_000, 4.065, -0.678, 8.808),
      ("structured", 1_000, 8.527, 0.508, 16.547), ("structured", 50_000, 3.242, -0.409, 6.893),
      (nil, 1_000, 23.224, 12.417, 34.031), (nil, 50_000, 14.314, 4.900, 23.729),
    ]
    let differences = try comparison().differences
    #expect(differences.count == expected.count)
    for (difference, (group, size, points, lower, upper)) in zip(differences, expected) {
      #expect(difference.group == group && difference.trainSize == size)
      #expect(abs(difference.points - points) < 6e-4)
      let interval = try #require(difference.interval)
      #expect(abs(interval.lower - lower) < 6e-4 && abs(interval.upper - upper) < 6e-4)
    }
    #expect(differences.map(\.taskCount) == [7, 7, 4, 4, 8, 8, 19, 19])
  }

  /// The report for people has a section of its own, with its explanation.
  @Test(arguments: [ValidationFormat.text, .markdown])
  func section(format: ValidationFormat) throws {
    let text = try report().text(format)
    #expect(text.contains("Sup-100% minus From-Scratch, by group of tasks"))
    #expect(text.contains("Student's t over the tasks"))
    let lines = text.split(separator: "\n").map {
      $0.split { " |".contains($0) }.joined(separator: " ")
    }
    #expect(lines.contains("natural 1000 7 73.5 27.9 45.55 [28.86, 62.24]"))
    #expect(lines.contains("structured 50000 8 92.9 89.6 3.24 [-0.41, 6.89]"))
    #expect(lines.contains("all 1000 19 66.4 43.1 23.22 [12.42, 34.03]"))
  }

  /// Without a comparison there is no trace of one.
  @Test func withoutComparison() throws {
    let validation = try Validation(try ResultsMatrix(try Self.results.get()), fitted: [])
    for format in ValidationFormat.allCases {
      let text = ValidationReport(validation).text(format)
      #expect(!text.contains("Sup-100% minus") && !text.contains("\"comparison\""))
    }
  }

  /// Without groups, all tasks are compared.
  @Test func withoutGroups() throws {
    let differences = try comparison(hasGroups: false).differences
    #expect(differences.map(\.taskCount) == [19, 19])
  }

  /// CSV has a line per group and size, with as many fields as the others.
  @Test func commaSeparated() throws {
    let lines = try report().text(.csv).split(separator: "\n")
      .filter { $0.hasPrefix("comparison,") }
    #expect(lines.count == 8)
    #expect(Set(lines.map { $0.count { $0 == "," } }) == [15])
    #expect(
      lines[0].hasPrefix(
        "comparison,Sup-100% minus From-Scratch,natural,,,1000,,,45.5494"))
    #expect(lines[6].hasPrefix("comparison,Sup-100% minus From-Scratch,,,,1000,,,23.224"))
  }

  /// JSON has the comparison as its last member.
  @Test func json() throws {
    struct Document: Decodable {
      struct Comparison: Decodable {
        struct Place: Decodable {
          struct Interval: Decodable { let lower, upper: Double }
          let group: String?
          let train_size, tasks: Int
          let first_accuracy, second_accuracy, points: Double
          let interval: Interval?
        }
        let first, second: String
        let places: [Place]
      }
      let comparison: Comparison
    }
    let document = try JSONDecoder().decode(
      Document.self, from: Data(report().text(.json).utf8))
    #expect(document.comparison.first == "Sup-100%")
    #expect(document.comparison.second == "From-Scratch")
    let place = try #require(document.comparison.places.first)
    #expect(place.group == "natural" && place.train_size == 1_000 && place.tasks == 7)
    #expect(abs(place.points - 45.549_422) < 1e-5)
    #expect(abs(place.first_accuracy - place.second_accuracy - place.points / 100) < 1e-9)
    #expect(document.comparison.places.last?.group == nil)
  }
}
