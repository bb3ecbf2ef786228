import Foundation
import HDF5
import Testing

/// What a network yields is what `inspect` says, `predict` uses and `export` writes, held to what
/// Keras said of the same images.
struct NetworkOutputTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private func file(_ name: String, _ ending: String) -> String {
    CaseFiles.path("\(name).\(ending)")
  }

  private func images(of name: String) -> String {
    CaseFiles.path(name.split(separator: "/")[0] + "/x.h5")
  }

  private func predicted(_ model: String, of name: String) throws -> (PredictedRows, String) {
    let outcome = try workspace.run("predict", model, "--data", images(of: name), "--unlabeled")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    return (try PredictedRows(outcome.output), outcome.errors)
  }

  /// The line of `inspect` that says what the numbers are.
  private func summary(_ model: String) throws -> String {
    let outcome = try workspace.run("inspect", model)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    return try #require(
      outcome.output.split(separator: "\n").first { $0.hasPrefix("output ") }.map(String.init))
  }

  /// What the layers compute, without a softmax at the end.
  private func outputs(_ model: String, of name: String) throws -> [Float] {
    let outcome = try workspace.run(
      ["probe", model, "--images", images(of: name), "--output", "outputs.h5"],
      of: "tlbench-worker")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    return try HDF5File.open(workspace.path("outputs.h5")).root.dataset("outputs")
      .read(as: Float.self)
  }

  private static let probabilities = [
    "export-softmax/fully_convolutional", "export-softmax/convolution_of_a_pixel",
    "export-softmax/softmax_then_reshape", "predict-of-sigmoid-units/two_sigmoids",
  ]
  private static let numbers = [
    "export-softmax/one_sigmoid", "export-softmax/one_logit", "export-softmax/logits",
    "export-softmax/regression", "export-softmax/box", "export-softmax/features",
    "export-softmax/maps", "excitation-is-no-classifier/se",
  ]

  /// The probabilities of softmax and sigmoid ends are those of Keras, wherever the softmax stands.
  @Test(arguments: probabilities) func predicts(name: String) throws {
    let rows = try predicted(file(name, "keras"), of: name).0
    #expect(rows.lines.count == 6)
    #expect(try rows.difference(from: CaseFiles.rows("\(name).csv")) < 1e-5)
  }

  /// One sigmoid, and one logit that was trained as such, are the probability of the second class.
  @Test(arguments: [("one_sigmoid", false), ("one_logit", true)])
  func binary(model: String, isLogit: Bool) throws {
    let name = "export-softmax/\(model)"
    let (rows, notes) = try predicted(file(name, "keras"), of: name)
    let expected = try CaseFiles.rows("\(name).csv").map { row in
      let positive = isLogit ? 1 / (1 + exp(-row[0])) : row[0]
      return [1 - positive, positive]
    }
    #expect(rows.header == ["example", "prediction", "p(0)", "p(1)"])
    #expect(rows.difference(from: expected) < 1e-5)
    #expect(notes.contains("the probability of the second class"))
  }

  /// Of logits the softmax is taken, and said.
  @Test func logits() throws {
    let name = "export-softmax/logits"
    let (rows, notes) = try predicted(file(name, "keras"), of: name)
    let expected = try CaseFiles.rows("\(name).csv").map { row in
      let powers = row.map { exp($0) }
      return powers.map { $0 / powers.reduce(0, +) }
    }
    #expect(rows.difference(from: expected) < 1e-5)
    #expect(notes.contains("4 numbers of a linear layer; the probabilities are their softmax"))
  }

  /// Independent sigmoids are said to be so, and have no log-loss.
  @Test func independent() throws {
    let name = "predict-of-sigmoid-units/two_sigmoids"
    let source = try HDF5File.open(images(of: name)).root.dataset("x")
    let file = try HDF5File.create(workspace.path("d.h5"))
    try file.root.write(source.read(as: Float.self), shape: source.shape, to: "x")
    try file.root.write([0, 1, 0, 1, 1, 1], shape: [6], to: "y")
    try file.close()
    let outcome = try workspace.run("predict", self.file(name, "keras"), "--data", "d.h5")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("2 sigmoids: the probabilities are independent"))
    #expect(outcome.output.contains("accuracy "))
    #expect(!outcome.output.contains("log-loss") && !outcome.output.contains("calibration"))
  }

  /// What yields no classes is not used as a classifier; the reason names the output.
  @Test(arguments: [
    ("export-softmax/regression", "'age' is one number of a linear layer"),
    ("export-softmax/box", "trained for regression (loss mean_squared_error)"),
    ("export-softmax/features", "8 numbers of 'gap', which are features"),
    ("export-softmax/maps", "it yields 10×10×4"),
    ("excitation-is-no-classifier/se", "it yields 12×12×16"),
  ])
  func noClassifier(name: String, reason: String) throws {
    try workspace.expectRefusal(
      ["predict", file(name, "keras"), "--data", images(of: name), "--unlabeled"], exitCode: 65,
      saying: reason)
  }

  /// An exported network yields what the read one yields, in both formats.
  @Test(arguments: probabilities + numbers, ["o.keras", "o.weights.h5"])
  func exports(name: String, output: String) throws {
    let model = file(name, "keras")
    let outcome = try workspace.run("export", model, "--output", output)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    // Only the loss that it was compiled with is not kept.
    if !["box", "one_logit"].contains(where: name.hasSuffix) {
      #expect(try summary(output) == summary(model))
    }
    let (before, after) = try (outputs(model, of: name), outputs(output, of: name))
    #expect(before.count == after.count)
    #expect(zip(before, after).allSatisfy { abs($0 - $1) <= 1e-5 * max(1, abs($0)) })
  }

  /// Only networks that end in logits are told of a softmax that could be added.
  @Test(arguments: probabilities + numbers) func exportNotes(name: String) throws {
    let outcome = try workspace.run("export", file(name, "keras"), "--output", "o.keras")
    let mayEndInSoftmax = ["logits"].contains { name.hasSuffix("/" + $0) }
    #expect(outcome.errors.contains("--softmax would add a softmax") == mayEndInSoftmax)
    #expect(outcome.errors.isEmpty != mayEndInSoftmax)
  }

  /// A softmax is added on request, and to weights of tlbench, and both is said.
  @Test func addedSoftmax() throws {
    let logits = file("export-softmax/logits", "keras")
    let asked = try workspace.run("export", logits, "--output", "o.keras", "--softmax")
    #expect(asked.errors == "A softmax is added at the end: probabilities instead of logits.\n")
    #expect(try summary("o.keras").hasSuffix("probabilities of 4 classes (softmax)"))
    try workspace.addWeights()
    let own = try workspace.run(
      "export", "Datasets/simple.weights.h5", "--output", "s.keras")
    #expect(own.errors == "A softmax is added at the end: probabilities, not logits.\n")
  }

  /// A softmax is left out on request, which is said.
  @Test func omittedSoftmax() throws {
    let model = file("export-softmax/fully_convolutional", "keras")
    let outcome = try workspace.run("export", model, "--output", "o.keras", "--logits")
    #expect(outcome.errors == "The softmax at the end is omitted: logits.\n")
    #expect(try summary("o.keras").hasSuffix("5 logits or other numbers (linear)"))
  }

  /// Options about the end are refused where the network has another end.
  @Test(arguments: [
    ("export-softmax/one_sigmoid", "--logits"), ("export-softmax/one_sigmoid", "--softmax"),
    ("export-softmax/regression", "--softmax"), ("export-softmax/features", "--logits"),
    ("export-softmax/softmax_then_reshape", "--logits"),
  ])
  func refusedEnd(name: String, option: String) throws {
    try workspace.expectRefusal(
      ["export", file(name, "keras"), "--output", "o.keras", option], exitCode: 64,
      saying: "cannot use \(option): the network yields")
  }

  /// What is taken off for a new head: a classifier that everything goes through, and nothing else.
  @Test(arguments: [
    ("export-softmax/fully_convolutional", "replaces class_maps, gap"),
    ("export-softmax/convolution_of_a_pixel", "replaces dropout, classes, reshape"),
    ("export-softmax/softmax_then_reshape", "replaces classes, probabilities, reshape"),
    ("export-softmax/one_sigmoid", "replaces is_cat, is_cat/sigmoid"),
    ("export-softmax/features", "nothing is removed"),
    ("export-softmax/maps", "nothing is removed"),
    ("excitation-is-no-classifier/se", "nothing is removed"),
  ])
  func head(name: String, expected: String) throws {
    let outcome = try workspace.run("inspect", file(name, "keras"))
    #expect(outcome.output.contains("new head         \(expected)\n"), "\(outcome.output)")
  }

  /// A cut by name through a branch is refused.
  @Test func cutThroughBranch() throws {
    try workspace.expectRefusal(
      [
        "inspect", file("excitation-is-no-classifier/se", "keras"), "--head-from", "se_expand",
      ], exitCode: 64, saying: "'se_scale' in the head reads 'relu'")
  }
}
