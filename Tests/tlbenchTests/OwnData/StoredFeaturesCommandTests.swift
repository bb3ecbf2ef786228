import Foundation
import HDF5
import Records
import TestSupport
import Testing

/// Sets of stored features, such as embeddings of sentences, without a network.
struct StoredFeaturesCommandTests {
  private let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try write("features.h5", shape: [60, 5])
    try write("images.h5", shape: [60, 8, 8], name: "images")
  }

  /// Three classes, of which each is high in some of the columns.
  private func write(_ name: String, shape: [Int], name key: String = "features") throws {
    let file = try HDF5File.create(workspace.path(name))
    let columns = shape.dropFirst().reduce(1, *)
    let values = (0..<shape[0] * columns).map { index -> Float in
      let (row, column) = (index / columns, index % columns)
      return (row % 3 == column % 3 ? 0.1 : 0) + Float(row * 31 % 17 + column * 7 % 5) * 1e-3
    }
    try file.root.write(values, shape: shape, to: key)
    try file.root.write((0..<shape[0]).map { $0 % 3 }, shape: [shape[0]], to: "labels")
    try file.root.attributes.write(["a", "b", "c"], to: "class_names")
    try file.close()
  }

  /// Heads are compared, with the same digest for any number of workers, and the next command
  /// trains one without a network.
  @Test func compare() throws {
    let digests = try ["1", "2"].map { jobs in
      let outcome = try workspace.run(
        "compare", "--data", "features.h5", "--sizes", "12,full", "--replicates", "2", "--jobs",
        jobs, "--output", "c\(jobs).h5")
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
      for name in ["linear-probe", "feature-extraction-tuned", "hidden-layer-tuned"] {
        #expect(outcome.output.contains(name))
      }
      #expect(!outcome.output.contains("Were the rules right"))
      #expect(outcome.errors.contains("60 vectors of 5 features in 3 classes"))
      let next = try #require(outcome.errorLines.last)
      #expect(next.hasPrefix("Next: tlbench train --data features.h5 --strategy "))
      return try workspace.run("digest", "c\(jobs).h5").output
    }
    #expect(digests[0] == digests[1])
    #expect(try workspace.run("report", "c1.h5", "--output", "c.html").exitCode == 0)
    #expect(try workspace.run("show", "c1.h5").output.contains("linear-probe"))
  }

  /// Whatever reads results over folds has the intervals that the comparison prints: folds are not
  /// taken for independent replicates.
  @Test func folds() throws {
    let compared = try workspace.run(
      "compare", "--data", "features.h5", "--sizes", "12,full", "--folds", "3", "--output", "f.h5",
      "--strategies", "linear-probe,feature-extraction", "--format", "json")
    #expect(compared.exitCode == 0, "\(compared.errors)")
    let document = try JSONParser.parse(compared.output.utf8)
    let pooled = try #require(document.object?["pooled"]?.array?.last?.object)
    let size = try #require(pooled["train_size"]?.description)
    let rows = try #require(pooled["strategies"]?.array).compactMap(\.object)
    let advised = try workspace.run(
      "recommend", "--results", "f.h5", "--size", size, "--similarity", "unknown", "--format",
      "json")
    #expect(advised.exitCode == 0, "\(advised.errors)")
    let advice = try #require(try JSONParser.parse(advised.output.utf8).object)
    #expect(advice["interval_of"]?.string == "all folds together")
    let predictions = try #require(advice["predictions"]?.array).compactMap(\.object)
    #expect(predictions.count == 2 && rows.count == 2)
    for prediction in predictions {
      let row = try #require(rows.first { $0["strategy"] == prediction["strategy"] })
      for member in ["accuracy", "accuracy_interval"] {
        #expect(prediction[member]?.description == row[member]?.description)
      }
    }
    let text = try workspace.run(
      "recommend", "--results", "f.h5", "--size", size, "--similarity", "unknown")
    #expect(text.output.contains("single examples of all folds") && !text.output.contains("Nadeau"))
    #expect(try workspace.run("validate", "f.h5").exitCode == 0)
    let check = try workspace.run("check", "f.h5", "--baseline", "f.h5")
    #expect(check.exitCode == 0 && check.output.contains("compared example by example"))
    #expect(try workspace.run("report", "f.h5", "--output", "f.html").exitCode == 0)
  }

  /// What `train` writes is a model of Keras that standardizes and classifies.
  @Test(arguments: [nil, "hidden-layer-tuned"]) func trainAndPredict(strategy: String?) throws {
    let trained = try workspace.run(
      ["train", "--data", "features.h5", "--output", "m.keras"]
        + (strategy.map { ["--strategy", $0] } ?? []))
    #expect(trained.exitCode == 0, "\(trained.errors)")
    #expect(trained.errors.contains("Training \(strategy ?? "linear-probe") on 48 examples"))
    let predicted = try workspace.run("predict", "m.keras", "--data", "features.h5")
    #expect(predicted.output.contains("accuracy           100.0 %"), "\(predicted.output)")
    #expect(try workspace.run("inspect", "m.keras").output.contains("standardize"))
  }

  /// Heads race, and the answer names a command without a network.
  @Test func advise() throws {
    let outcome = try workspace.run(
      "advise", "--data", "features.h5", "--budget", "60s", "--labels", "none", "--strategies",
      "linear-probe,feature-extraction", "--output", "a.h5", "--report", "a.html")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("Use             linear-probe"))
    #expect(outcome.output.contains("tlbench train --data features.h5"))
  }

  /// A comparison says that it does not use a test set, and only splits make one.
  @Test func ownTestSet() throws {
    let file = try HDF5File.create(workspace.path("parts.h5"))
    for (part, count) in [("train", 24), ("test", 6)] {
      let values = (0..<count * 2).map { Float($0 * 31 % 17) }
      try file.root.write(values, shape: [count, 2], to: "x_\(part)")
      try file.root.write((0..<count).map { $0 % 2 }, shape: [count], to: "y_\(part)")
    }
    try file.close()
    func errors(_ more: String...) throws -> String {
      let outcome = try workspace.run(
        ["compare", "--strategies", "linear-probe", "--sizes", "full", "--output", "c.h5"] + more)
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
      return outcome.errors
    }
    let parts = try errors("--data", "parts.h5", "--folds", "3")
    #expect(parts.contains("parts.h5: its test set is not used; parts of its training set are"))
    let split = "There is no test set; one is split off."
    let folds = try errors("--data", "features.h5", "--folds", "3", "--overwrite")
    #expect(!folds.contains(split) && !folds.contains("its test set"))
    #expect(try errors("--data", "features.h5", "--overwrite").contains(split))
  }

  /// If no head is better than guessing, the answer does not ask for another network alone.
  @Test func adviseOnNoise() throws {
    let file = try HDF5File.create(workspace.path("noise.h5"))
    let values = (0..<300).map { index -> Float in
      let (row, column) = (index / 5, index % 5)
      return Float((row * 7919 + column * 104_729 + row * row * 31) % 101) * 1e-2
    }
    try file.root.write(values, shape: [60, 5], to: "features")
    try file.root.write((0..<60).map { $0 % 3 }, shape: [60], to: "labels")
    try file.close()
    let outcome = try workspace.run(
      "advise", "--data", "noise.h5", "--budget", "60s", "--labels", "none", "--strategies",
      "linear-probe,feature-extraction", "--output", "a.h5")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("Use             nothing yet"))
    #expect(outcome.output.contains("use other features"))
    #expect(outcome.output.contains("Next            label more examples, or try other features\n"))
  }

  /// Images and texts need a network, and what describes or trains a network is refused by name.
  @Test(arguments: [
    (["compare", "--data", "images.h5"], "no stored features [count, features]"),
    (["advise", "--data", "images.h5"], "no stored features [count, features]"),
    (["train", "--data", "images.h5", "--output", "m.keras"], "no stored features"),
    (["compare", "--data", "features.h5", "--unfreeze", "late"], "--unfreeze: there is no"),
    (["compare", "--data", "features.h5", "--depths", "all"], "--depths: there is no network"),
    (["compare", "--data", "features.h5", "--head-from", "none"], "--head-from: there is no"),
    (
      ["compare", "--data", "features.h5", "--strategies", "linear-probe,from-scratch"],
      "'from-scratch' trains or divides a network"
    ),
    (
      ["advise", "--data", "features.h5", "--strategies", "linear-probe-early"],
      "'linear-probe-early' trains or divides a network"
    ),
    (
      ["train", "--data", "features.h5", "--output", "m.keras", "--strategy", "fine-tuning"],
      "'fine-tuning' trains or divides a network"
    ),
    (
      ["train", "--data", "features.h5", "--output", "m.keras", "--unfreeze", "late"],
      "--unfreeze: there is no network"
    ),
    (
      ["compare", "--data", "features.h5", "--batch-norm", "frozen"],
      "'frozen' keeps the statistics of a network"
    ),
    (
      ["train", "--data", "features.h5", "--output", "m.keras", "--batch-norm", "frozen"],
      "'frozen' keeps the statistics of a network"
    ),
  ]) func refused(arguments: [String], reason: String) throws {
    try workspace.expectRefusal(arguments, exitCode: 64, saying: reason, "--weights")
  }

  /// The description of a set says how many features there are.
  @Test func inspect() throws {
    let text = try workspace.run("inspect", "features.h5").output
    #expect(text.hasPrefix("labelled features features\nfeatures         5 per example\n"))
    #expect(try workspace.run("inspect", "images.h5").output.contains("images           8×8×1"))
  }

  /// Token ids are no features.
  @Test func tokens() throws {
    let tokens = Tool.repository.appending(
      path: "Tests/ModelFilesTests/Fixtures/text/bert/tokens.h5"
    ).path
    try workspace.expectRefusal(
      ["compare", "--data", tokens], exitCode: 64, saying: "no stored features",
      "Give a pretrained network with --weights.")
  }
}
