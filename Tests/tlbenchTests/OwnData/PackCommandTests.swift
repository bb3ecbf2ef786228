import Foundation
import TaskData
import Tensors
import TestSupport
import Testing

/// Sets made of folders of pictures.
struct PackCommandTests {
  private let workspace: Workspace

  /// Two classes of three pictures each, which are all different.
  init() throws {
    workspace = try Workspace()
    let samples = Tool.repository.appending(path: "Tests/PicturesTests/Fixtures/pictures")
    let names = [
      "a/1.png": "rgb.png", "a/2.png": "rgba.png", "a/3.jpg": "progressive.jpg",
      "b/1.png": "gray.png", "b/2.jpg": "cmyk.jpg", "b/3.jpg": "orientation-6.jpg",
    ]
    for (name, sample) in names {
      let url = workspace.folder.url.appending(path: "photos/\(name)")
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: samples.appending(path: sample), to: url)
    }
  }

  /// From a folder to a set that other commands read.
  @Test func folder() throws {
    let outcome = try workspace.run("pack", "photos", "--size", "16")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let summary = "photos.h5: 6 pictures of 16×16×3 in 2 classes, source digest "
    #expect(outcome.output.hasPrefix(summary))
    #expect(outcome.errors.contains("were converted from CMYK: 1."))
    #expect(outcome.errors.contains("tlbench compare --weights base.keras --data photos.h5"))
    let inspected = try workspace.run("inspect", "photos.h5")
    #expect(inspected.exitCode == 0)
    #expect(inspected.output.contains("16×16×3"), "\(inspected.output)")
  }

  /// A network is trained on a set, and classifies another one.
  @Test func training() throws {
    try workspace.addWeights()
    let pack = ["pack", "--size", "16", "--channels", "1", "--quiet"]
    #expect(try workspace.run(pack + ["photos"]).exitCode == 0)
    #expect(try workspace.run(pack + ["photos/a", "--unlabeled"]).exitCode == 0)
    let trained = try workspace.run(
      "train", "--weights", "Datasets/simple.weights.h5", "--data", "photos.h5", "--strategy",
      "feature-extraction", "--test-share", "0", "--output", "mine.keras", "--quiet")
    #expect(trained.exitCode == 0, "\(trained.errors)")
    let predicted = try workspace.run("predict", "mine.keras", "--data", "a.h5", "--unlabeled")
    #expect(predicted.exitCode == 0, "\(predicted.errors)")
    let lines = predicted.output.split(separator: "\n").map { $0.split(separator: ",") }
    #expect(lines.first == ["example", "path", "prediction", "p(a)", "p(b)"])
    #expect(lines.dropFirst().map { $0[1] } == ["1.png", "2.png", "3.jpg"])
    // A selection has no paths, nor has a dataset that was chosen by its name.
    for options in [["--limit", "2"], ["--x-key", "x"]] {
      let other = try workspace.run(
        ["predict", "mine.keras", "--data", "a.h5", "--unlabeled"] + options)
      #expect(other.output.hasPrefix("example,prediction,"), "\(options)")
    }
  }

  /// Nothing but the result is printed if that is requested, and a set is not replaced unasked.
  @Test func output() throws {
    let arguments = ["pack", "photos", "--size", "8x12", "--fit", "pad", "--output", "set.h5"]
    let outcome = try workspace.run(arguments + ["--channels", "1", "--quiet", "--jobs", "1"])
    #expect(outcome.exitCode == 0 && outcome.errors == "")
    #expect(try DatasetFile.read(workspace.path("set.h5")).train.shape.channels == 1)
    try workspace.expectRefusal(arguments, exitCode: 73, saying: "exists", "--overwrite")
    #expect(try workspace.run(arguments + ["--overwrite"]).exitCode == 0)
  }

  /// Tables, and pictures to predict.
  @Test func table() throws {
    try workspace.write(
      Data("file,kind\nphotos/a/1.png,x\nphotos/b/1.png,y\n".utf8), to: "list.csv")
    let outcome = try workspace.run(
      "pack", "list.csv", "--size", "8", "--path-column", "file", "--label-column", "kind")
    #expect(outcome.output.hasPrefix("list.h5: 2 pictures of 8×8×3 in 2 classes"))
    let unlabeled = try workspace.run("pack", "photos/a", "--size", "8", "--unlabeled")
    #expect(unlabeled.output.hasPrefix("a.h5: 3 pictures of 8×8×3 without labels"))
    #expect(unlabeled.errors.contains("tlbench predict model.keras --data a.h5 --unlabeled"))
  }

  /// Errors name the option, the folder or the picture, and what to do.
  @Test func refusals() throws {
    let pack = ["pack", "photos", "--size"]
    try workspace.expectRefusal(pack + ["big"], exitCode: 64, saying: "--size", "'big'")
    try workspace.expectRefusal(pack + ["5000"], exitCode: 64, saying: "--size", "4096")
    try workspace.expectRefusal(pack + ["8", "--fit", "x"], exitCode: 64, saying: "--fit", "pad")
    try workspace.expectRefusal(
      pack + ["8", "--channels", "2"], exitCode: 64, saying: "--channels")
    try workspace.expectRefusal(
      pack + ["8", "--label-column", "x"], exitCode: 64, saying: "--label-column", ".csv")
    try workspace.expectRefusal(
      ["pack", "nowhere", "--size", "8"], exitCode: 66, saying: "nowhere", "no such file")
    try workspace.expectRefusal(
      ["pack", "photos/a", "--size", "8"], exitCode: 65, saying: "--unlabeled")
    try workspace.write(Data([0xFF, 0xD8, 0xFF]), to: "photos/b/4.jpg")
    try workspace.expectRefusal(
      pack + ["8"], exitCode: 65, saying: "1 of 7", "b/4.jpg: it ends too early", "--skip-broken")
    let outcome = try workspace.run(pack + ["8", "--skip-broken"])
    #expect(outcome.errors.contains("left out: 1: b/4.jpg (it ends too early)."))
  }

  /// A signal ends the command without a file.
  @Test(arguments: zip([SIGINT, SIGTERM], [130, 143] as [Int32]))
  func interruption(signal: Int32, exitCode: Int32) throws {
    let bytes = try workspace.bytes(of: "photos/a/3.jpg")
    // What follows the end of a picture makes it another one.
    for index in 10..<4_000 {
      try workspace.write(bytes + Data("\(index)".utf8), to: "photos/a/\(index).jpg")
    }
    let outcome = try Tool(
      ["pack", "photos", "--size", "512", "--jobs", "1"], in: workspace.folder.url
    ).outcome(after: " pictures, elapsed", signal: signal)
    #expect(outcome.exitCode == exitCode)
    #expect(outcome.errors.contains("Stopping; nothing is written."))
    #expect(outcome.errors.contains("it was interrupted\n  Nothing was written"))
    #expect(try workspace.folder.names() == ["Datasets", "photos"])
  }
}
