import Foundation
import HDF5
import TestSupport
import Testing

/// A user's own network and labelled images: `export`, `inspect`, `compare`, `train`, `predict`.
struct OwnDataTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.addWeights()
    try writeImages(to: "mine.h5", side: 16)
  }

  private static let weights = ["--weights", "Datasets/simple.weights.h5", "--data", "mine.h5"]

  /// Images in the classes 3 and 7: bright on the left, or on the right.
  private func writeImages(to name: String, side: Int, count: Int = 40) throws {
    let file = try HDF5File.create(workspace.path(name))
    var bytes: [UInt8] = []
    for image in 0..<count {
      for pixel in 0..<side * side {
        let isLeft = pixel % side < side / 2
        bytes.append(isLeft == (image % 2 == 0) ? UInt8(200 + (image * 7 + pixel) % 50) : 10)
      }
    }
    try file.root.write(bytes, shape: [count, side, side, 1], to: "images")
    try file.root.write((0..<count).map { $0 % 2 == 0 ? 3 : 7 }, shape: [count], to: "labels")
    try file.close()
  }

  private func output(_ arguments: [String]) throws -> String {
    let outcome = try workspace.run(arguments)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    return outcome.output
  }

  private static let comparison =
    ["compare"] + weights
    + ["--sizes", "8,full", "--replicates", "3", "--output", "c.h5", "--quiet"]

  /// A comparison prints the matrix, the rules and the gains, and keeps results that validate
  /// reads.
  @Test func compares() throws {
    let text = try output(
      Self.comparison + ["--strategies", "feature-extraction,fine-tuning,linear-probe"])
    #expect(text.contains("Were the rules right here?"))
    #expect(text.contains("8 to 32"))
    #expect(text.contains("With 32 labels"))
    #expect(try output(["validate", "c.h5"]).contains("always-linear-probe"))
    #expect(try output(["inspect", "c.h5"]).contains("similarities     mine"))
  }

  /// The figures of a comparison are the same for any number of jobs.
  @Test func jobs() throws {
    let arms = ["--strategies", "linear-probe,from-scratch"]
    _ = try output(Self.comparison + arms + ["--jobs", "1"])
    let digest = try output(["digest", "c.h5"])
    _ = try output(Self.comparison + arms + ["--jobs", "2", "--overwrite"])
    #expect(try output(["digest", "c.h5"]) == digest)
  }

  /// A comparison over folds tests every example once, and prints and stores what all folds say
  /// together.
  @Test func folds() throws {
    let arms = ["--strategies", "linear-probe,feature-extraction"]
    let command = ["compare"] + Self.weights + ["--sizes", "8,full", "--output", "c.h5", "--quiet"]
    let text = try output(command + arms + ["--folds", "4", "--jobs", "2"])
    #expect(text.contains("All folds together:"))
    #expect(text.contains("Each of 40 examples is tested once"))
    #expect(text.contains("4/4"))
    #expect(text.contains("With 30 labels"))
    #expect(try output(["show", "c.h5"]) == text)
    let json = try output(["show", "c.h5", "--format", "json"])
    #expect(json.contains(#""pooled""#) && json.contains(#""examples": 40"#))
    let page = try output(["report", "c.h5", "--output", "-"])
    #expect(page.contains("Which strategy is best over all folds together?"))
    #expect(try output(["inspect", "c.h5"]).contains("replicates       4 of 4 folds\n"))
    #expect(try output(["inspect", "c.h5", "--format", "json"]).contains(#""folds": 4,"#))
    let digest = try output(["digest", "c.h5"])
    _ = try output(command + arms + ["--folds", "4", "--jobs", "1", "--overwrite"])
    #expect(try output(["digest", "c.h5"]) == digest)
    let root = try HDF5File.open(workspace.path("c.h5")).root
    #expect(try root.dataset("correct").shape == [1, 2, 2, 4, 10])
  }

  /// Results are extended by a strategy and by splits without running anything twice.
  @Test func extends() throws {
    func command(_ strategies: String, _ replicates: String, _ name: String) -> [String] {
      ["compare"] + Self.weights
        + [
          "--sizes", "8", "--strategies", strategies, "--replicates", replicates, "--output", name,
        ]
    }
    let first = try workspace.run(command("linear-probe", "2", "c.h5"))
    #expect(first.exitCode == 0, "\(first.errors)")
    let both = "linear-probe,feature-extraction"
    let second = try workspace.run(command(both, "3", "c.h5") + ["--extend"])
    #expect(second.exitCode == 0, "\(second.errors)")
    #expect(second.errors.contains("Extending c.h5: 2 of 6 runs are kept"))
    #expect(try workspace.run(command(both, "3", "whole.h5")).exitCode == 0)
    #expect(try output(["digest", "c.h5"]) == output(["digest", "whole.h5"]))
    try workspace.expectRefusal(
      command(both, "2", "c.h5") + ["--extend", "--quiet"], exitCode: 64, saying: "c.h5",
      "which the new plan lacks")
    // A budget leaves out nothing of what is extended: the clock alone ends it.
    try workspace.expectRefusal(
      command(both, "3", "c.h5") + ["--extend", "--budget", "0.001s", "--quiet"], exitCode: 1,
      saying: "within --budget 0.001s", "the time was used up before a run ended")
    #expect(try output(["digest", "c.h5"]) == output(["digest", "whole.h5"]))
    #expect(!workspace.exists("c.h5.journal"))
  }

  /// Another seed makes other splits.
  @Test func seed() throws {
    let arms = ["--strategies", "feature-extraction"]
    _ = try output(Self.comparison + arms)
    let digest = try output(["digest", "c.h5"])
    _ = try output(Self.comparison + arms + ["--seed", "1", "--overwrite"])
    #expect(try output(["digest", "c.h5"]) != digest)
  }

  /// A budget that is too short for anything by an estimate is refused; one that is too short for
  /// all leaves splits and sizes out and says so.
  ///
  /// How much of the rest the clock allows depends on the machine.
  @Test func budget() throws {
    let comparison = Array(Self.comparison.dropLast()) + ["--jobs", "1"]
    try workspace.expectRefusal(
      comparison + ["--budget", "0.001s", "--quiet"], exitCode: 64, saying: "--budget 0.001s",
      "one split of 8 examples is expected to take", "Give more time")
    let outcome = try workspace.run(
      comparison + ["--budget", "0.007s", "--strategies", "feature-extraction"])
    #expect(
      outcome.errors.contains("Expected to fit into 0.007s: 3 of 3 splits, sizes 8\n"),
      "\(outcome.errors)")
    #expect(workspace.exists("c.h5") == (outcome.exitCode == 0))
    #expect([0, 1].contains(outcome.exitCode))
  }

  /// A comparison of which its budget left parts out is resumed by the printed command, which names
  /// the parts that are left: with another budget it is still the same comparison.
  @Test func resumesWithAnotherBudget() throws {
    let stopped = try Tool(
      ["compare"] + Self.weights
        + [
          "--size", "8,full", "--replicates=1000", "--budget", "60s", "--jobs", "1",
          "--progress-every", "0", "--output", "c.h5",
        ], in: workspace.folder.url
    ).outcome(after: " % in ", signal: SIGINT)
    #expect(stopped.exitCode == 130)
    #expect(stopped.errors.contains("Expected to fit into 60s: "))
    let resume = try #require(stopped.errors.split(separator: "To resume: ").last)
    #expect(resume.contains(" --replicates ") && resume.contains(" --sizes "))
    #expect(!resume.contains("1000") && !resume.contains("--size "))
    let words = resume.replacing("--budget 60s", with: "--budget 2h").split(separator: " ")
      .dropFirst().map { $0.trimmingCharacters(in: .newlines) }
    let again = try Tool(words, in: workspace.folder.url)
      .outcome(after: "Resuming: ", signal: SIGINT)
    #expect(again.exitCode == 130, "\(again.errors)")
    #expect(!again.errors.contains("Expected to fit"))
  }

  /// What was trained predicts with the names of the classes, and says how well.
  @Test func trainsAndPredicts() throws {
    let report = try output(
      ["train"] + Self.weights
        + ["--strategy", "linear-probe", "--output", "m.keras", "--quiet"])
    #expect(report.contains("model             m.keras"))
    #expect(report.contains("of 8 examples"))
    let score = try output(["predict", "m.keras", "--data", "mine.h5", "--output", "p.csv"])
    #expect(score.contains("accuracy           100.0 %"))
    let lines = try String(contentsOfFile: workspace.path("p.csv"), encoding: .utf8)
      .split(separator: "\n")
    #expect(lines.count == 41)
    #expect(lines.first == "example,label,prediction,p(3),p(7)")
    #expect(lines.dropFirst().first?.hasPrefix("0,3,3,") == true)
  }

  /// The trained model is the same for any number of threads.
  @Test func trainingThreads() throws {
    let predictions = try [1, 2, 4].map { jobs in
      _ = try output(
        ["train"] + Self.weights
          + [
            "--strategy", "from-scratch", "--epochs", "3", "--jobs", "\(jobs)", "--output",
            "m.keras", "--overwrite", "--quiet",
          ])
      _ = try output(
        ["predict", "m.keras", "--data", "mine.h5", "--output", "p.csv", "--overwrite"])
      return try Data(contentsOf: URL(filePath: workspace.path("p.csv")))
    }
    #expect(predictions[1] == predictions[0] && predictions[2] == predictions[0])
  }

  /// Predictions in HDF5 have the probabilities of all classes.
  @Test func predictionsInHDF5() throws {
    _ = try output(
      ["train"] + Self.weights + ["--strategy", "linear-probe", "--output", "m.keras", "--quiet"])
    _ = try output(
      ["predict", "m.keras", "--data", "mine.h5", "--unlabeled", "--output", "p.h5"])
    let root = try HDF5File.open(workspace.path("p.h5")).root
    let probabilities = try root.dataset("probabilities")
    #expect(probabilities.shape == [40, 2])
    let values = try probabilities.read(as: Float.self)
    #expect(abs(values[0] + values[1] - 1) < 1e-6)
    #expect(try root.contains("label") == false)
  }

  /// A set that is larger than what may be held in memory gets the same predictions.
  @Test func imagesThatStayInTheFile() throws {
    // 1.2 MiB of pixels.
    try writeImages(to: "many.h5", side: 16, count: 5000)
    _ = try output(
      ["train"] + Self.weights + ["--strategy", "linear-probe", "--output", "m.keras", "--quiet"])
    let tables = try [[], ["--image-memory", "1"]].map { options in
      _ = try output(
        ["predict", "m.keras", "--data", "many.h5", "--output", "p.csv", "--overwrite"] + options)
      return try Data(contentsOf: URL(filePath: workspace.path("p.csv")))
    }
    #expect(tables[0] == tables[1] && tables[0].count > 5000)
  }

  /// An exported network is a Keras model with the same layers and parameters.
  @Test func exports() throws {
    let weights = try output(["inspect", "Datasets/simple.weights.h5"])
    _ = try output(["export", "Datasets/simple.weights.h5", "--output", "s.keras"])
    let archive = try output(["inspect", "s.keras"])
    #expect(archive.hasPrefix("Keras 3 model (.keras), network simple\n"))
    let parameters = try #require(
      weights.split(separator: "\n").first { $0.hasPrefix("parameters") })
    #expect(archive.contains(parameters))
    #expect(archive.contains("new head         replaces head"))
  }

  /// Groups can be set by name.
  @Test func groups() throws {
    _ = try output(["export", "Datasets/simple.weights.h5", "--output", "s.keras"])
    let text = try output(
      ["inspect", "s.keras", "--middle-from", "block1_conv2", "--head-from", "none"])
    #expect(text.contains("block1_conv2                middle"))
    #expect(text.contains("new head         nothing is removed"))
  }

  /// Labelled images are described with their classes and what was decided on the way.
  @Test func describesImages() throws {
    let text = try output(["inspect", "mine.h5"])
    #expect(text.contains("classes          2: 3 (20), 7 (20)"))
    #expect(text.contains("note             "))
  }

  /// No output replaces an input, even if it may overwrite files.
  @Test func inputsAreKept() throws {
    let images = try workspace.bytes(of: "mine.h5")
    let commands = [
      ["compare"] + Self.weights + ["--output", "./mine.h5"],
      ["predict", "Datasets/simple.weights.h5", "--data", "mine.h5", "--output", "mine.h5"],
    ]
    for command in commands {
      try workspace.expectRefusal(
        command + ["--overwrite"], exitCode: 64,
        saying: "--output: it is the same file as mine.h5")
    }
    #expect(try workspace.bytes(of: "mine.h5") == images)
  }

  /// What does not fit is refused with what to do, and nothing is left behind.
  @Test(arguments: [
    (["compare", "--budget", "soon"], 64, "--budget: 'soon' is not a time"),
    (["compare", "--sizes", "1,full"], 64, "1 is fewer than the 2 classes"),
    (["compare", "--extend", "--overwrite"], 64, "--overwrite discards the results"),
    (["compare", "--folds", "1"], 64, "--folds: 1 is not in 2...1000"),
    (["compare", "--folds", "41"], 64, "41 folds are more than the 40 examples"),
    (["compare", "--folds", "4", "--replicates", "5"], 64, "--replicates: 5 is not in 1...4"),
    (["compare", "--folds", "4", "--test-share", "0.3"], 64, "with --folds, a fold is tested on"),
    (["compare", "--folds", "4", "--depths", "all"], 64, "cannot be combined with --depths"),
    (["compare", "--depths", "all", "--unfreeze", "late"], 64, "cannot be combined with --depths"),
    (["compare", "--pooling", "flatten"], 64, "yields one vector per example"),
    (["compare", "--classes", "4"], 64, "the file says how many there are"),
    (["compare", "--strategies", "magic"], 64, "'magic' is unknown"),
    (["train", "--output", "m.txt"], 64, "none of .keras, .weights.h5, .safetensors"),
    (["train", "--output", "m.keras", "--strategy", "magic"], 64, "'magic' is unknown"),
    (
      ["train", "--output", "m.keras", "--head-from", "nothing"], 64, "there is no layer 'nothing'"
    ),
    (["train", "--output", "m.keras", "--image-memory", "0"], 64, "--image-memory"),
    (["train", "--output", "m.keras", "--jobs", "0"], 64, "0 is not in 1...1024"),
    (["train", "--output", "m.keras", "--resize", "8"], 65, "the network takes 16×16×1"),
  ])
  func refused(arguments: [String], exitCode: Int32, reason: String) throws {
    let command = Array(arguments.prefix(1)) + Self.weights + arguments.dropFirst() + ["--quiet"]
    let more = arguments[0] == "compare" ? ["--output", "c.h5"] : []
    try workspace.expectRefusal(command + more, exitCode: exitCode, saying: reason)
    #expect(!FileManager.default.fileExists(atPath: workspace.path("m.keras")))
    #expect(!FileManager.default.fileExists(atPath: workspace.path("c.h5")))
  }

  /// Options of techniques hold for the arms of a comparison over depths too.
  @Test func techniquesOverDepths() throws {
    let outcome = try workspace.run(
      ["compare"] + Self.weights
        + ["--depths", "all", "--label-smoothing", "2", "--output", "c.h5", "--quiet"])
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.contains("--label-smoothing: it is 2.0, expected"))
  }

  /// Images of another size are no input of a trained model.
  @Test func otherImages() throws {
    _ = try output(
      ["train"] + Self.weights + ["--strategy", "linear-probe", "--output", "m.keras", "--quiet"])
    try writeImages(to: "small.h5", side: 8)
    try workspace.expectRefusal(
      ["predict", "m.keras", "--data", "small.h5"], exitCode: 65, saying: "small.h5",
      "the network takes 16×16×1")
  }
}
