import Foundation
import TestSupport
import Testing

/// Encoders of texts and files of token ids, given to the built program.
struct TextCommandTests {
  static let families = ["bert", "roberta", "distilbert", "gpt2", "xlnet"]

  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private func fixture(_ name: String) -> String {
    Tool.repository.appending(path: "Tests/ModelFilesTests/Fixtures/text/\(name)").path
  }

  /// A network's description shows the tokens that it reads and its heads; a set's, its lengths.
  @Test func inspect() throws {
    let network = try workspace.run("inspect", fixture("bert"))
    #expect(network.output.contains("tokens, up to 64; ids 0...99; 4 heads"))
    #expect(network.output.contains("per text of 64 tokens"))
    #expect(network.output.contains("not used: pooler.dense.weight"))
    let texts = try workspace.run("inspect", fixture("bert/tokens.h5"))
    #expect(texts.output.contains("up to 16, median 9, mean 9.2, ids up to 99"))
    let document = try workspace.run("inspect", fixture("bert/tokens.h5"), "--format", "json")
    let value = try JSONSerialization.jsonObject(with: Data(document.output.utf8))
    let members = try #require(value as? [String: Any])
    #expect(members["kind"] as? String == "labelled texts")
    let tokens = try #require(members["tokens"] as? [String: Any])
    #expect(tokens["longest"] as? Int == 16 && tokens["median"] as? Int == 9)
    #expect(tokens["largest_id"] as? Int == 99)
  }

  /// What `train` writes is what `predict` and `inspect` read.
  @Test(arguments: families) func trainAndPredict(family: String) throws {
    let data = fixture("\(family)/tokens.h5")
    let trained = try workspace.run(
      "train", "--weights", fixture(family), "--data", data, "--strategy", "fine-tuning-all",
      "--output", "m.safetensors", "--test-share", "0", "--pooling", "last", "--quiet")
    #expect(trained.exitCode == 0, "\(trained.errors)")
    let accuracy = trained.output.split(separator: "\n")
      .first { $0.hasPrefix("train accuracy") }?.split(separator: " ").dropFirst(2).first
    let predicted = try workspace.run("predict", "m.safetensors", "--data", data)
    #expect(predicted.exitCode == 0, "\(predicted.errors)")
    for text in [trained.output, predicted.output, predicted.errors] {
      #expect(!text.contains("image"), "\(text)")
    }
    let score = predicted.output.split(separator: "\n")
      .first { $0.hasPrefix("accuracy") }?.split(separator: " ").dropFirst().first
    let (first, second) = (accuracy.flatMap { Double($0) }, score.flatMap { Double($0) })
    #expect(abs((try #require(first)) - (try #require(second))) < 0.06)
    let inspected = try workspace.run("inspect", "m.safetensors")
    #expect(inspected.output.contains("replaces head_pool, head"))
  }

  /// An encoder without a head cannot be exported; the error says what can.
  @Test func exportWithoutHead() throws {
    let outcome = try workspace.run("export", fixture("bert"), "--output", "m.safetensors")
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.contains("no head"))
    #expect(outcome.errors.contains("'tlbench train' wrote"))
    #expect(!workspace.exists("m.safetensors"))
  }

  /// A comparison names a file that texts can be written to, and that is not there yet.
  @Test func compare() throws {
    try workspace.write(Data(), to: "model.safetensors")
    let outcome = try workspace.run(
      "compare", "--weights", fixture("distilbert"), "--data", fixture("distilbert/tokens.h5"),
      "--strategies", "linear-probe,from-scratch", "--replicates", "2", "--test-share", "0.5",
      "--sizes", "full", "--output", "c.h5")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("linear-probe"))
    #expect(outcome.errorLines.last?.hasSuffix("--output model-2.safetensors") == true)
  }

  /// Results do not depend on the number of workers.
  @Test func workers() throws {
    let digests = try ["1", "2"].map { jobs in
      let outcome = try workspace.run(
        "compare", "--weights", fixture("xlnet"), "--data", fixture("xlnet/tokens.h5"),
        "--strategies", "linear-probe,fine-tuning-all", "--replicates", "2", "--test-share",
        "0.5", "--sizes", "full", "--jobs", jobs, "--output", "c\(jobs).h5", "--quiet")
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
      return try workspace.run("digest", "c\(jobs).h5").output
    }
    #expect(!digests[0].isEmpty)
    #expect(digests[0] == digests[1])
  }

  /// Options about images and files of another ending are refused by their names.
  @Test(arguments: [
    (["--resize", "8"], "--resize"), (["--channels", "3"], "--channels"),
    (["--preprocess", "unit"], "--preprocess"), (["--pooling", "flatten"], "flatten"),
    (["--augment", "shift=1"], "augmentation"), (["--max-length", "0"], "--max-length"),
    (["--output", "m.keras"], ".safetensors"),
  ]) func refusals(_ options: [String], _ words: String) throws {
    let output = options.contains("--output") ? [] : ["--output", "m.safetensors"]
    let outcome = try workspace.run(
      ["train", "--weights", fixture("bert"), "--data", fixture("bert/tokens.h5")] + output
        + options)
    #expect(outcome.exitCode == 64, "\(outcome.errors)")
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
    #expect(!workspace.exists("m.safetensors"))
  }

  /// Texts longer than the network takes are cut only if `--max-length` says so.
  @Test func maxLength() throws {
    let arguments = [
      "predict", "m.safetensors", "--data", fixture("gpt2/tokens.h5"), "--max-length", "4",
    ]
    let trained = try workspace.run(
      "train", "--weights", fixture("gpt2"), "--data", fixture("gpt2/tokens.h5"), "--strategy",
      "linear-probe", "--output", "m.safetensors", "--max-length", "4", "--test-share", "0")
    #expect(trained.exitCode == 0, "\(trained.errors)")
    #expect(trained.errors.contains("10 texts are cut to 4 places."))
    #expect(try workspace.run(arguments).exitCode == 0)
  }
}
