import Records
import TestSupport
import Testing

/// Options that cannot be obeyed: exit code 64, before anything is done.
struct OptionTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.addWeights()
  }

  /// Sizes that are zero, negative, no whole numbers, empty or given twice are refused.
  @Test(
    arguments: [
      ("0", "'0' is not a whole number"), ("-20", "'-20' is not a whole number"),
      ("abc", "'abc' is not a whole number"), ("20.5", "'20.5' is not a whole number"),
      ("1e2", "'1e2' is not a whole number"), ("1 0", "'1 0' is not a whole number"),
      ("", "'' is not a whole number"), ("20,,40", "'' is not a whole number"),
      (",", "'' is not a whole number"), ("40,20,40", "'40' is given twice"),
      ("20,020", "'020' is given twice"),
    ])
  func sizes(text: String, reason: String) throws {
    try workspace.expectRefusal(
      Workspace.sweep("--sizes", text), exitCode: 64, saying: "--sizes", reason)
  }

  /// Sizes above the number of training examples are refused, however large.
  @Test(arguments: ["10001", "100000000000", "99999999999999999999999"])
  func excessiveSizes(text: String) throws {
    try workspace.expectRefusal(
      Workspace.sweep("--sizes", "20,\(text)"), exitCode: 64,
      saying: "--sizes: \(text) is more than the 10000 training examples", "up to 10000")
  }

  /// Spaces around the commas of a list do no harm.
  @Test func spacesInList() throws {
    let outcome = try workspace.run(
      Workspace.sweep("--sizes", "40, 20", "--dry-run", "--list-runs"))
    #expect(outcome.output.contains("n=20 ") && outcome.output.contains("n=40 "))
  }

  /// Lists have a singular name too, and frequent options a letter.
  @Test func otherNamesOfOptions() throws {
    let arguments = [
      "sweep", "--architecture", "simple", "--similarity", "high", "--replicates", "1", "--size",
      "20", "--strategy", "from-scratch", "-j", "1", "-f", "csv", "-o", "a.h5", "-q", "--dry-run",
    ]
    let outcome = try workspace.run(arguments)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("1 run, simple network"))
    #expect(outcome.output.contains("with --jobs 1\n"))
  }

  /// Similarities that are neither levels nor numbers in 0...1, or given twice, are refused.
  @Test(arguments: ["near", "1.1", "-0.1", "nan", "inf", "", "low,low", "high,1.0", "HIGH"])
  func similarities(text: String) throws {
    try workspace.expectRefusal(
      Workspace.sweep("--similarities", text), exitCode: 64, saying: "--similarities")
  }

  /// Unknown strategies, and strategies given twice, are refused with the list of known ones.
  @Test(arguments: ["tuning", "", "fine-tuning,fine-tuning", "fine-tuning,Fine-Tuning"])
  func strategies(text: String) throws {
    try workspace.expectRefusal(
      Workspace.sweep("--strategies", text), exitCode: 64, saying: "--strategies",
      Arm.byDefault.map(\.name).joined(separator: ", "))
  }

  /// An unknown architecture is refused with the list of known ones.
  @Test(arguments: ["resnet", "", "simple,medium"])
  func architecture(text: String) throws {
    try workspace.expectRefusal(
      Workspace.sweep("--architecture", text), exitCode: 64, saying: "--architecture",
      "'\(text)' is unknown", "simple, medium, deep")
  }

  /// An unknown format is refused with the list of known ones.
  @Test(arguments: ["xml", "", "JSON"])
  func format(text: String) throws {
    try workspace.expectRefusal(
      Workspace.sweep("--format", text), exitCode: 64, saying: "--format",
      "'\(text)' is unknown", "table, markdown, csv, latex, json")
  }

  /// Numbers of workers and replicates that make no sense are refused.
  @Test(
    arguments: ["--jobs", "--replicates"], ["0", "-1", "1000000", "9223372036854775807"])
  func counts(option: String, text: String) throws {
    try workspace.expectRefusal(
      Workspace.sweep(option, text), exitCode: 64, saying: option, "\(text) is not in 1...")
  }

  /// A noise that no task can have is refused.
  @Test(arguments: ["-1", "2.5", "nan"])
  func noise(text: String) throws {
    try workspace.expectRefusal(
      Workspace.sweep("--noise", text), exitCode: 64, saying: "noise", "0...2")
  }

  /// Other commands check their numbers in the same way.
  @Test(arguments: [
    ["generate", "--replicates", "0"], ["generate", "--replicates", "100000"],
    ["pretrain", "--epochs", "0"], ["pretrain", "--epochs", "-3"],
    ["pretrain", "--jobs", "0"],
    ["recommend", "--similarity", "low", "--size", "0"],
    ["recommend", "--similarity", "low", "--size", "-5"],
  ])
  func otherCounts(arguments: [String]) throws {
    try workspace.expectRefusal(arguments, exitCode: 64)
  }

  /// Other commands check their names in the same way.
  @Test(arguments: [
    ["generate", "--similarities", "near"], ["pretrain", "--architectures", "simple,simple"],
    ["pretrain", "--architectures", "resnet"],
    ["recommend", "--size", "5", "--similarity", "near"],
    ["recommend", "--size", "5", "--similarity", "low", "--architecture", "resnet"],
  ])
  func otherNames(arguments: [String]) throws {
    try workspace.expectRefusal(arguments, exitCode: 64)
  }

  /// What the command line's grammar does not know is a usage error with the way to the help, in
  /// the form of all errors.
  @Test(arguments: [
    ["frobnicate"], ["sweep", "--frobnicate"], ["sweep", "extra"], ["sweep", "--jobs", "two"],
    ["sweep", "--sizes"], ["sweep", "--task-seed", "-1"], ["digest"], ["inspect", "a", "b"],
    ["recommend"], ["recommend", "--size", "many", "--similarity", "low"],
  ])
  func grammar(arguments: [String]) throws {
    try workspace.expectRefusal(
      arguments, exitCode: 64, saying: "cannot understand", "--help'")
  }

  /// A mistyped command or option comes with what was probably meant.
  @Test(arguments: [
    (["swep"], "there is no command 'swep'\n  Did you mean 'sweep'?"),
    (["valdiate", "r.h5"], "Did you mean 'validate'?"), (["recom"], "Did you mean 'recommend'?"),
    (["frobnicate"], "there is no command 'frobnicate'\n  'tlbench --help'"),
    (["sweep", "--sizs", "20"], "unknown option '--sizs'\n  Did you mean '--sizes'?"),
    (["recommend", "--size", "5"], "missing expected argument '--similarity"),
  ])
  func suggestions(arguments: [String], text: String) throws {
    try workspace.expectRefusal(arguments, exitCode: 64, saying: text)
  }

  /// A flag that changes nothing in a format is refused.
  @Test(arguments: [
    Workspace.sweep("--format", "json", "--verbose"), ["validate", "none.h5", "-f", "csv", "-v"],
    ["recommend", "--size", "5", "--similarity", "low", "-v"],
  ])
  func verboseWithoutEffect(arguments: [String]) throws {
    try workspace.expectRefusal(arguments, exitCode: 64, saying: "--verbose")
  }
}
