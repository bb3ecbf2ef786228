import Foundation
import TestSupport
import Testing

/// Models as people have them, given to the built program.
struct ForeignModelTests {
  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private static let cases = Tool.repository.appending(path: "Tests/tlbenchTests/Cases")
  private static let fixtures = Tool.repository.appending(path: "Tests/ModelFilesTests/Fixtures")

  private func fixture(_ name: String) -> String {
    Self.fixtures.appending(path: name).path
  }

  /// The numbers of a table, row by row.
  private func rows(_ text: String) -> [[Double]] {
    text.split(separator: "\n").map { line in
      line.split(separator: ",").compactMap { Double($0) }
    }
  }

  /// Predictions are the probabilities that Keras gives.
  @Test(arguments: [
    ("same-names-in-inner-models", "m.h5"), ("preprocess-input-in-the-model", "m.keras"),
    ("input-of-two-axes", "m.keras"),
  ])
  func predictions(name: String, model: String) throws {
    let folder = Self.cases.appending(path: name)
    let outcome = try workspace.run(
      "predict", folder.appending(path: model).path, "--data", folder.appending(path: "x.h5").path,
      "--unlabeled", "--output", "p.csv")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let table = try String(contentsOfFile: workspace.path("p.csv"), encoding: .utf8)
    let expected = rows(
      try String(contentsOf: folder.appending(path: "keras.csv"), encoding: .utf8))
    // The image and its class stand before the probabilities.
    let found = rows(table).dropFirst().map { Array($0.suffix(3)) }
    #expect(found.count == expected.count)
    for (row, wanted) in zip(found, expected) {
      #expect(zip(row, wanted).allSatisfy { abs($0 - $1) < 1e-5 }, "\(row) \(wanted)")
    }
  }

  /// A state dict of torch.compile, Lightning or a checkpoint is read like its own network.
  @Test(arguments: [
    "torch_compiled.h5", "torch_lightning.h5", "torch_epoch.h5", "torch/vgg_bn.pth",
    "torch/parallel.pth", "torch/compiled.pth", "torch/trainer.pth",
  ]) func wrappedStateDicts(file: String) throws {
    let plain = try workspace.run(
      "inspect", fixture("torch_vgg_bn.h5"), "--input-shape", "8x12x3")
    let outcome = try workspace.run("inspect", fixture(file), "--input-shape", "8x12x3")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    func digest(_ text: String) -> Substring? {
      text.split(separator: "\n").first { $0.hasPrefix("digest") }
    }
    #expect(digest(outcome.output) == digest(plain.output))
  }

  /// A checkpoint that is not read is refused by every command that reads networks, with the line
  /// of Python that makes a file of it that is.
  @Test(arguments: [
    ("old.pth", "PyTorch before 1.6"), ("module.pth", "'torch_networks.VGG'"),
    ("script.pt", "TorchScript"),
  ]) func checkpoints(file: String, words: String) throws {
    for arguments in [["inspect"], ["train", "--data", fixture("torch.h5"), "--weights"]] {
      let more = arguments[0] == "train" ? ["--output", "m.keras"] : []
      try workspace.expectRefusal(
        arguments + [fixture("torch/\(file)")] + more, exitCode: 65, saying: words,
        "python3 -c \"import torch;")
    }
  }

  /// What a library says about its properties names the options of the command line.
  @Test func optionsInErrors() throws {
    let outcome = try workspace.run("inspect", fixture("torch_vgg_bn.h5"))
    #expect(outcome.exitCode == 65)
    #expect(outcome.errors.contains("--input-shape"), "\(outcome.errors)")
    #expect(!outcome.errors.contains("`"), "\(outcome.errors)")
  }

  /// Weights of a program say that their structure is missing, and what to do.
  @Test func subclassed() throws {
    try workspace.expectRefusal(
      ["inspect", fixture("subclassed.weights.h5")], exitCode: 65,
      saying: "weights alone and not the structure", "new.save('m.keras')")
  }

  /// Weights alone are read with the structure that Keras wrote as JSON.
  @Test(arguments: ["described.weights.h5", "described.h5"]) func structures(file: String) throws {
    let outcome = try workspace.run(
      "inspect", fixture(file), "--structure", fixture("described.json"))
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("network described"))
  }

  /// With `--kernels`, the layers are listed a second time, with the code that computes each.
  @Test func kernels() throws {
    let arguments = [
      "inspect", fixture("described.h5"), "--structure", fixture("described.json"),
    ]
    let plain = try workspace.run(arguments)
    let outcome = try workspace.run(arguments + ["--kernels"])
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix(plain.output))
    let table = outcome.output.dropFirst(plain.output.count)
    #expect(table.hasPrefix("\nkernels for batches of 32, "))
    #expect(table.contains("oneDNN "))
    #expect(table.contains(/\nlayer +forward +gradient of the input +gradient of the kernel\n/))
  }

  /// An unknown network is refused with the known ones, and a missing structure is a missing input.
  @Test func structureErrors() throws {
    try workspace.expectRefusal(
      ["inspect", fixture("described.h5"), "--structure", "vgg17"], exitCode: 64,
      saying: "--structure", "'vgg17' is neither a known network nor a file", "vgg16, vgg19")
    try workspace.expectRefusal(
      ["inspect", fixture("described.h5"), "--structure", "medium"], exitCode: 64,
      saying: "--structure", "Give both, such as --input-shape")
    try workspace.expectRefusal(
      ["inspect", fixture("described.h5"), "--structure", "s.json"], exitCode: 66, saying: "s.json",
      "model.to_json()")
  }
}
