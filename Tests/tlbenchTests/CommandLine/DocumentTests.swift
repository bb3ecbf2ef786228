import Foundation
import HDF5
import TestSupport
import Testing

/// `--format json` of the commands that print one document about one thing.
struct DocumentTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.addWeights()
  }

  private let weights = "Datasets/simple.weights.h5"

  /// The document that a command prints, which begins with its format.
  private func document(_ arguments: String...) throws -> [String: Any] {
    let outcome = try workspace.run(arguments + ["--format", "json"])
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("{\n  \"format\": 1,\n  \""), "\(outcome.output)")
    let value = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    return try #require(value as? [String: Any])
  }

  /// Images of three classes in turn.
  private func pixels(_ count: Int) -> [UInt8] {
    (0..<count * 256).map { (pixel: Int) -> UInt8 in
      let image = pixel / 256
      return UInt8(image % 3 * 100 + pixel % 50)
    }
  }

  /// Thirty images, of which twelve are a test set.
  private func writeImages(to name: String) throws {
    let file = try HDF5File.create(workspace.path(name))
    for (part, count) in [("train", 18), ("test", 12)] {
      let group = try file.root.createGroup(part)
      try group.write(pixels(count), shape: [count, 16, 16, 1], to: "x")
      try group.write((0..<count).map { $0 % 3 }, shape: [count], to: "y")
    }
    try file.root.attributes.write(["cat", "dog", "bird"], to: "class_names")
    try file.close()
  }

  @Test func network() throws {
    let plain = try document("inspect", weights)
    #expect(plain["file"] as? String == weights && plain["kind"] as? String == "network")
    #expect(plain["input"] as? [Int] == [16, 16, 1] && plain["kernels"] is NSNull)
    #expect(plain["tensors"] is NSNull)
    let layers = try #require(plain["layers"] as? [[String: Any]])
    let first = try #require(layers.first { $0["name"] as? String == "block1_conv1" })
    #expect(first["group"] as? String == "early" && first["output"] as? [Int] == [16, 16, 16])
    #expect(first["multiply_adds"] as? Int == 36_864)
    let parameters = try #require(first["parameters"] as? [[String: Any]])
    #expect(parameters.first?["name"] as? String == "kernel")
    #expect(parameters.first?["shape"] as? [Int] == [3, 3, 1, 16])
    let kernels = try #require(
      try document("inspect", weights, "--kernels")["kernels"] as? [String: Any])
    #expect(kernels["batch"] as? Int == 32)
    #expect((kernels["layers"] as? [Any])?.isEmpty == false)
  }

  @Test func task() throws {
    try workspace.addTask()
    let task = try document("inspect", Workspace.task)
    #expect(task["kind"] as? String == "task" && task["name"] as? String == "target-high-r0")
    #expect(task["train"] as? Int == 10_000 && task["similarity"] as? Double == 1)
    #expect(task["shape"] as? [Int] == [16, 16, 1])
  }

  /// Results, with the digest that `digest` prints.
  @Test func results() throws {
    try SampleTable.write(to: "old.h5", in: workspace)
    let results = try document("inspect", "old.h5")
    #expect(results["kind"] as? String == "results" && results["failed"] as? Int == 0)
    let strategies = try #require(results["strategies"] as? [String])
    #expect(!strategies.isEmpty)
    let digest = try document("digest", "old.h5")
    #expect(Set(digest.keys) == ["format", "file", "digest"])
    #expect(digest["digest"] as? String == results["digest"] as? String)
    let line = try workspace.run("digest", "old.h5").output
    #expect(digest["digest"] as? String == line.trimmingCharacters(in: .newlines))
  }

  /// A network that reads texts has tokens in place of the shape of an input, and a set of texts
  /// has their lengths.
  @Test func texts() throws {
    let folder = Tool.repository.appending(path: "Tests/ModelFilesTests/Fixtures/text/bert").path
    let network = try document("inspect", folder)
    #expect(network["input"] is NSNull)
    let tokens = try #require(network["tokens"] as? [String: Any])
    #expect(tokens["largest_length"] as? Int == 64 && tokens["vocabulary"] as? Int == 100)
    #expect(tokens["heads"] as? Int == 4)
    let set = try document("inspect", folder + "/tokens.h5")
    #expect(set["kind"] as? String == "labelled texts" && set["shape"] is NSNull)
    let lengths = try #require(set["tokens"] as? [String: Any])
    #expect(lengths["longest"] as? Int == 16 && lengths["largest_id"] as? Int == 99)
  }

  /// A labelled set, a model trained on it, and its predictions, with labels and without.
  @Test func trainingAndPredictions() throws {
    try writeImages(to: "mine.h5")
    let images = try document("inspect", "mine.h5")
    #expect(images["kind"] as? String == "labelled images")
    #expect(images["train"] as? Int == 18 && images["test"] as? Int == 12)
    let classes = try #require(images["classes"] as? [[String: Any]])
    #expect(classes.map { $0["name"] as? String } == ["cat", "dog", "bird"])
    #expect(classes.map { $0["train"] as? Int } == [6, 6, 6])

    let training = try document(
      "train", "--weights", weights, "--data", "mine.h5", "--strategy", "fine-tuning", "--epochs",
      "2", "--output", "m.keras", "--quiet")
    #expect(training["model"] as? String == "m.keras")
    #expect(training["strategy"] as? String == "fine-tuning")
    #expect(training["train_examples"] as? Int == 18 && training["test_examples"] as? Int == 12)
    #expect((training["history"] as? [Any])?.count == training["epochs"] as? Int)
    let accuracy = try #require(training["accuracy"] as? Double)

    let labelled = try document("predict", "m.keras", "--data", "mine.h5")
    #expect(labelled["part"] as? String == "test" && labelled["examples"] as? Int == 12)
    let score = try #require(labelled["score"] as? [String: Any])
    #expect(score["accuracy"] as? Double == accuracy)
    let confusion = try #require(score["confusion"] as? [[Int]])
    #expect(confusion.map { $0.reduce(0, +) } == [4, 4, 4])
    let predictions = try #require(labelled["predictions"] as? [[String: Any]])
    let hits = predictions.count { $0["label"] as? String == $0["prediction"] as? String }
    #expect(abs(Double(hits) / 12 - accuracy) < 1e-9)
    for prediction in predictions {
      let sum = try #require(prediction["probabilities"] as? [Double]).reduce(0, +)
      #expect(abs(sum - 1) < 1e-5)
    }

    let file = try HDF5File.create(workspace.path("new.h5"))
    try file.root.write(pixels(5), shape: [5, 16, 16, 1], to: "x")
    try file.close()
    let unlabeled = try document("predict", "m.keras", "--data", "new.h5", "--unlabeled")
    #expect(unlabeled["score"] is NSNull)
    let guesses = try #require(unlabeled["predictions"] as? [[String: Any]])
    #expect(guesses.count == 5 && guesses.allSatisfy { $0["label"] is NSNull })
    let written = try document(
      "predict", "m.keras", "--data", "new.h5", "--unlabeled", "--output", "p.csv")
    #expect(written["predictions"] is NSNull && workspace.exists("p.csv"))
  }

  /// An unknown format is refused before anything is done.
  @Test(arguments: [["inspect", "none.h5"], ["digest", "none.h5"]])
  func unknownFormat(arguments: [String]) throws {
    try workspace.expectRefusal(
      arguments + ["--format", "xml"], exitCode: 64, saying: "'xml' is unknown", "text, json")
  }
}
