import Foundation
import Testing

struct ValidateCommandTests {
  /// Options out of range and words that are not numbers are refused.
  @Test(arguments: [
    ["--margin", "-1"], ["--margin", "nan"], ["--margin", "1e3"], ["--confidence", "1"],
    ["--confidence", "95"], ["--format", "table"],
  ])
  func badOptions(options: [String]) throws {
    try Workspace().expectRefusal(["validate", "none.h5"] + options, exitCode: 64)
  }

  /// A file that does not exist is named.
  @Test func missingFile() throws {
    try Workspace().expectRefusal(["validate", "none.h5"], exitCode: 66)
  }

  /// A small sweep can be judged in every format.
  @Test func judgesASweep() throws {
    let workspace = try Workspace()
    try workspace.addWeights("simple")
    let sweep = try workspace.run(
      "sweep", "--architecture", "simple", "--sizes", "20", "--similarities", "low,high",
      "--strategies", "feature-extraction,fine-tuning", "--replicates", "2", "--output", "r.h5")
    #expect(sweep.exitCode == 0)
    for format in ["text", "markdown", "csv", "json"] {
      let outcome = try workspace.run("validate", "r.h5", "--format", format)
      #expect(outcome.exitCode == 0 && outcome.errors == "", "\(outcome.errors)")
      #expect(outcome.output.contains("small-high"))
    }
    let same = try workspace.run("validate", "r.h5", "--baseline", "r.h5")
    #expect(same.exitCode == 0, "\(same.errors)")
    #expect(same.output.contains("0 flipped between supported and refuted, 0 changed"))
    let document = try workspace.run(
      "validate", "r.h5", "--baseline", "r.h5", "--format", "json")
    #expect(document.output.contains("\"flipped\""))
    try workspace.expectRefusal(
      ["validate", "r.h5", "--baseline", "r.h5", "--format", "csv"], exitCode: 64,
      saying: "--baseline", "--format csv")
    try workspace.expectRefusal(["validate", "r.h5", "--baseline", "none.h5"], exitCode: 66)
  }
}
