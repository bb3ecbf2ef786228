import Analysis
import Foundation
import Records
import Testing

struct TolerancesTests {
  private func read(_ text: String) throws -> Tolerances {
    try Tolerances(json: Data(text.utf8), name: "t.json")
  }

  /// The committed file equals the built-in tolerances.
  @Test func committed() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Results/tolerances.json")
    let read = try Tolerances(json: Data(contentsOf: file), name: file.path)
    #expect(read == .standard)
    let names = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
    #expect(
      Set(names?.keys.map { $0 } ?? [])
        == Set(BaselineMetric.allCases.map(\.rawValue) + ["false_alarm_rate"]))
  }

  /// Metrics that are not named keep their tolerance.
  @Test func partial() throws {
    let read = try read(#"{"accuracy": {"absolute": 0.02}}"#)
    #expect(read.figures[.accuracy] == Tolerance(absolute: 0.02))
    #expect(read.figures[.flops] == Tolerances.standard.figures[.flops])
  }

  /// Invalid tolerances are refused with an error that names them.
  @Test(arguments: [
    ("[]", "t.json"), ("{", "t.json"), (#"{"speed": {}}"#, "t.json:speed"),
    (#"{"flops": 1}"#, "t.json:flops"), (#"{"flops": {"factor": 1}}"#, "t.json:flops.factor"),
    (#"{"flops": {"relative": -1}}"#, "t.json:flops.relative"),
    (#"{"flops": {"relative": true}}"#, "t.json:flops.relative"),
    (#"{"flops": {"relative": "1"}}"#, "t.json:flops.relative"),
    (#"{"false_alarm_rate": 0}"#, "t.json:false_alarm_rate"),
  ])
  func refusals(text: String, subject: String) {
    let failure = #expect(throws: Failure.self) { try read(text) }
    #expect(failure?.kind == .badData)
    #expect(failure?.subject == subject)
  }
}
