import Foundation
import HDF5
import Testing

/// Which images `predict` takes, and what it says of them.
struct PredictPartTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.addWeights()
    try writeImages(to: "split.h5", parts: ["train": 20, "val": 6, "test": 10])
  }

  /// Images of two classes, bright on the left or on the right; in the root for the part "".
  private func writeImages(to name: String, parts: [String: Int]) throws {
    let file = try HDF5File.create(workspace.path(name))
    for (part, count) in parts.sorted(by: { $0.key < $1.key }) {
      let group = part.isEmpty ? file.root : try file.root.createGroup(part)
      var bytes: [UInt8] = []
      for image in 0..<count {
        for pixel in 0..<256 {
          let isLeft = pixel % 16 < 8
          bytes.append(isLeft == (image % 2 == 0) ? UInt8(200 + (image * 7 + pixel) % 50) : 10)
        }
      }
      try group.write(bytes, shape: [count, 16, 16, 1], to: "x")
      try group.write((0..<count).map { $0 % 2 }, shape: [count], to: "y")
    }
    try file.close()
  }

  private func train(on data: String) throws {
    let outcome = try workspace.run(
      "train", "--weights", "Datasets/simple.weights.h5", "--data", data, "--strategy",
      "linear-probe", "--output", "m.keras", "--quiet")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
  }

  private func predict(_ data: String, _ options: String...) throws -> Tool.Outcome {
    let outcome = try workspace.run(["predict", "m.keras", "--data", data] + options)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    return outcome
  }

  /// The part is named first; by default it is the test set.
  @Test(arguments: [
    ([], "part test, 10 of 36 examples"), (["--part", "test"], "part test, 10 of 36 examples"),
    (["--part", "train"], "part train, 20 of 36 examples"),
    (["--part", "validation"], "part validation, 6 of 36 examples"),
    (["--part", "all"], "part all, 36 of 36 examples"),
  ])
  func parts(options: [String], first: String) throws {
    try train(on: "split.h5")
    let outcome = try workspace.run(["predict", "m.keras", "--data", "split.h5"] + options)
    let count = first.split(separator: " ")[2]
    #expect(outcome.output.hasPrefix("\(first)\nexamples           \(count)\n"))
  }

  /// All images are predicted where there is no test set.
  @Test func withoutTestSet() throws {
    try writeImages(to: "all.h5", parts: ["": 30])
    try train(on: "all.h5")
    #expect(try predict("all.h5").output.hasPrefix("part all, 30 of 30 examples\n"))
  }

  /// Images that the model was trained on are warned of, and no others.
  @Test func warning() throws {
    try train(on: "split.h5")
    let warning = "warning: m.keras was trained on split.h5"
    #expect(try predict("split.h5", "--part", "train").errors.contains(warning))
    #expect(try predict("split.h5", "--part", "all").errors.contains(warning))
    #expect(try predict("split.h5").errors == "")
    try writeImages(to: "other.h5", parts: ["train": 24, "test": 10])
    #expect(try predict("other.h5", "--part", "train").errors == "")
  }

  /// The warning says the accuracy on images that were held out.
  @Test func heldOutAccuracy() throws {
    try train(on: "split.h5")
    #expect(
      try predict("split.h5", "--part", "train").errors
        .contains("On held-out examples its accuracy was 100.0 %."))
  }

  /// Predictions of several parts name the part of each image; of one part the file names it.
  @Test func namedInFiles() throws {
    try train(on: "split.h5")
    _ = try predict("split.h5", "--part", "all", "--output", "p.csv")
    let rows = try PredictedRows(
      String(contentsOfFile: workspace.path("p.csv"), encoding: .utf8))
    #expect(rows.header == ["example", "part", "label", "prediction", "p(0)", "p(1)"])
    #expect(
      rows.lines.map { $0[1] }
        == [String](repeating: "train", count: 20) + [String](repeating: "validation", count: 6)
        + [String](repeating: "test", count: 10))
    _ = try predict("split.h5", "--output", "p.h5")
    let root = try HDF5File.open(workspace.path("p.h5")).root
    #expect(try root.attributes.readString("part") == "test")
    #expect(try root.dataset("label").shape == [10])
    _ = try predict("split.h5", "--part", "all", "--output", "p.h5", "--overwrite")
    let all = try HDF5File.open(workspace.path("p.h5")).root
    #expect(try all.dataset("part").readStrings().last == "test")
  }

  /// Parts are chosen without labels too; the line goes to standard error.
  @Test func unlabeled() throws {
    try train(on: "split.h5")
    let outcome = try predict("split.h5", "--unlabeled")
    #expect(outcome.output.split(separator: "\n").count == 11)
    #expect(outcome.errors.contains("part test, 10 of 36 examples\n"))
    let train = try predict("split.h5", "--unlabeled", "--part", "train")
    #expect(train.output.split(separator: "\n").count == 21)
  }

  /// A part that is not there is refused with those that are.
  @Test func missingPart() throws {
    try writeImages(to: "all.h5", parts: ["": 30])
    try train(on: "all.h5")
    try workspace.expectRefusal(
      ["predict", "m.keras", "--data", "all.h5", "--part", "validation"], exitCode: 65,
      saying: "it has no validation part", "It has train; --part all")
  }

  /// Options that would do nothing are refused by name.
  @Test(arguments: [
    (
      ["predict", "m.keras", "--data", "split.h5", "--overwrite"],
      "--overwrite: nothing is written"
    ),
    (
      ["predict", "m.keras", "--data", "split.h5", "--unlabeled", "--y-key", "y"],
      "--y-key: it is about labels"
    ),
    (["inspect", "m.keras", "--x-key", "x"], "--x-key: m.keras holds a network"),
    (["inspect", "split.h5", "--head-from", "x"], "--head-from: split.h5 holds images"),
    (["inspect", "split.h5", "--kernels"], "--kernels: split.h5 holds images"),
    (["inspect", "split.h5", "--max-length", "3"], "--max-length: split.h5 holds images"),
    (["sweep", "--list-runs"], "--list-runs: it lists the runs of a dry run"),
    (
      [
        "train", "--weights", "none.h5", "--data", "none.h5", "--output", "o.keras", "--strategy",
        "fine-tuning", "--unfreeze", "late",
      ],
      "--strategy: --unfreeze is a strategy of its own"
    ),
    (
      ["export", "m.keras", "--output", "o.keras", "--softmax", "--logits"],
      "--softmax: --logits is its opposite"
    ),
  ])
  func withoutEffect(arguments: [String], reason: String) throws {
    try train(on: "split.h5")
    try workspace.expectRefusal(arguments, exitCode: 64, saying: reason)
  }

  /// Groups of layers are no option of commands that run whole networks.
  @Test(arguments: [
    ["predict", "m.keras", "--data", "d.h5"], ["export", "m", "--output", "o.keras"],
  ])
  func groups(command: [String]) throws {
    let outcome = try workspace.run(command + ["--middle-from", "nonsense"])
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.contains("unknown option '--middle-from'"))
  }

  /// What needs no file is checked before any is looked for.
  @Test(arguments: [
    (["train", "--output", "m.keras", "--strategy", "probe"], "'probe' is unknown"),
    (["train", "--output", "m.keras", "--preprocess", "x"], "--preprocess: 'x' is unknown"),
    (["compare", "--strategies", "probe"], "'probe' is unknown"),
    (["compare", "--sizes", "0"], "'0' is not a whole number"),
    (["compare", "--budget", "soon"], "'soon' is not a time"),
    (["compare", "--resize", "large"], "'large' is not a size"),
    (["compare", "--depths", "9"], "--depths: '9'"),
    (["compare", "--replicates", "0"], "--replicates: 0 is not in"),
  ])
  func beforeReading(arguments: [String], reason: String) throws {
    try workspace.expectRefusal(
      arguments + ["--weights", "none.keras", "--data", "none.h5"], exitCode: 64, saying: reason)
  }
}
