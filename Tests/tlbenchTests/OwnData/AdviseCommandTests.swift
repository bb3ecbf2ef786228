import Foundation
import HDF5
import TestSupport
import Testing

/// `advise` on a user's network and labelled images, as a user runs it.
struct AdviseCommandTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.addWeights()
  }

  private static func advise(_ more: [String]) -> [String] {
    Workspace.replacing(
      [
        "advise", "--weights", "Datasets/simple.weights.h5", "--data", "mine.h5", "--budget", "90s",
        "--strategies", "linear-probe,fine-tuning-one-rate", "--output", "a.h5", "--jobs", "2",
      ], by: more)
  }

  private func json(_ outcome: Tool.Outcome) throws -> [String: Any] {
    try #require(
      JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any],
      "\(outcome.errors)")
  }

  /// A race on easy images: an answer with everything that belongs to it, a model that predicts,
  /// a sealed test, and results; the same command then trains nothing again.
  @Test func answers() throws {
    try workspace.writeSides(to: "mine.h5")
    try workspace.writeSides(to: "test.h5", count: 30)
    let arguments = Self.advise(["--format", "json", "--test", "test.h5", "--model", "best.keras"])
    let outcome = try workspace.run(arguments)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let answer = try json(outcome)
    #expect(["decided", "undecided"].contains(answer["outcome"] as? String))
    #expect(
      ["linear-probe", "fine-tuning-one-rate"].contains(answer["strategy"] as? String))
    #expect(try #require(answer["accuracy"] as? Double) > 0.9)
    let sealed = try #require(answer["sealed_test"] as? [String: Any])
    #expect(sealed["examples"] as? Int == 30)
    #expect(try #require(sealed["accuracy"] as? Double) > 0.8)
    let standings = try #require(answer["standings"] as? [[String: Any]])
    #expect(standings.last?["strategy"] as? String == "majority-class")
    #expect(outcome.errors.contains("Features: ") && outcome.errors.contains("After "))
    #expect(!outcome.errors.contains("split off"))
    #expect(outcome.output.hasPrefix("{\n  \"format\": 1,"))
    #expect(standings.last?["cpu_seconds"] is NSNull)
    let root = try HDF5File.open(workspace.path("a.h5")).root
    #expect(
      try root.dataset("strategy").readStrings()
        == ["linear-probe", "fine-tuning-one-rate", "majority-class"])
    #expect(try root.dataset("correct").read(as: Int32.self).contains(1))
    let predicted = try workspace.run("predict", "best.keras", "--data", "test.h5")
    #expect(predicted.exitCode == 0, "\(predicted.errors)")

    let again = try workspace.run(
      Workspace.replacing(arguments, by: ["--model", "again.keras", "--budget", "+60s"]))
    #expect(again.exitCode == 0, "\(again.errors)")
    #expect(again.errors.contains("Going on with") && !again.errors.contains(", fold 1: "))
    let second = try json(again)
    for name in ["strategy", "accuracy", "within_probability", "loss_bound"] {
      #expect("\(second[name] ?? "")" == "\(answer[name] ?? "")", "\(name)")
    }
  }

  /// Labels of a sealed test have no influence on the answer: only its own line changes.
  ///
  /// It is tested on in whole, whatever the limit of the labelled set.
  @Test func sealedTest() throws {
    try workspace.writeSides(to: "mine.h5")
    try workspace.writeSides(to: "test.h5", count: 30)
    try workspace.writeSides(to: "wrong.h5", count: 30, labels: { ($0 + 1) % 2 })
    var answers: [[String: Any]] = []
    for name in ["test", "wrong"] {
      let outcome = try workspace.run(
        Self.advise([
          "--format", "json", "--test", "\(name).h5", "--output", "\(name)-a.h5", "--limit", "50",
        ]))
      answers.append(try json(outcome))
    }
    for name in ["strategy", "accuracy", "within_probability", "loss_bound", "runner_up_loss"] {
      #expect("\(answers[0][name] ?? "")" == "\(answers[1][name] ?? "")", "\(name)")
    }
    let accuracies = answers.map {
      ($0["sealed_test"] as? [String: Any])?["accuracy"] as? Double ?? .nan
    }
    #expect(abs(accuracies[0] + accuracies[1] - 1) < 1e-9)
    #expect((answers[0]["sealed_test"] as? [String: Any])?["examples"] as? Int == 30)
    #expect(answers[0]["labels"] as? Int == 50)
  }

  /// Labels that have nothing to do with the images: no better than guessing, and a decision that
  /// is required is missing.
  @Test func guessing() throws {
    try workspace.writeSides(to: "mine.h5", labels: { (($0 * 2_654_435_761) >> 9) & 1 })
    let outcome = try workspace.run(Self.advise(["--require-decision", "--labels", "none"]))
    #expect(outcome.exitCode == 3, "\(outcome.errors)")
    let words = outcome.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("no strategy is shown to be better than guessing"))
    #expect(!words.contains("Use majority-class"))
  }

  /// Ctrl-C gives the answer so far and the command to go on with.
  @Test func interrupted() throws {
    try workspace.writeSides(to: "mine.h5", count: 120, noise: 5)
    let tool = try Tool(
      Self.advise([
        "--strategies", "fine-tuning-one-rate,fine-tuning-all,from-scratch", "--jobs", "1",
      ]),
      in: workspace.folder.url)
    let outcome = try tool.outcome(after: ", fold 1: ", signal: SIGINT)
    #expect(outcome.exitCode == 130, "\(outcome.errors)")
    #expect(outcome.output.contains("Use") && outcome.output.contains("interrupted"))
    #expect(outcome.errors.contains("To go on: "))
    #expect(workspace.exists("a.h5.journal"))
  }

  /// Before a training has ended there is no answer, and no file that refuses the same command.
  @Test func interruptedEarly() throws {
    try workspace.writeSides(to: "mine.h5", count: 600)
    let tool = try Tool(
      Self.advise(["--strategies", "from-scratch,fine-tuning-all", "--report", "a.html"]),
      in: workspace.folder.url)
    let outcome = try tool.outcome(after: "Features: ", signal: SIGINT)
    #expect(outcome.exitCode == 130 && outcome.output == "", "\(outcome.errors)")
    #expect(outcome.errors.contains("To go on: "))
    for name in ["a.h5", "a.h5.journal", "a.html"] { #expect(!workspace.exists(name), "\(name)") }

    // Nor is one replaced: the flag that allows it is still needed.
    try workspace.write(Data("mine".utf8), to: "a.h5")
    let replacing = try Tool(
      Self.advise(["--strategies", "from-scratch,fine-tuning-all", "--overwrite"]),
      in: workspace.folder.url)
    let stopped = try replacing.outcome(after: "Features: ", signal: SIGINT)
    #expect(stopped.exitCode == 130, "\(stopped.errors)")
    #expect(try workspace.bytes(of: "a.h5") == Data("mine".utf8))
    let again = try #require(stopped.errors.split(separator: "To go on: ").last)
    #expect(again.contains(" --overwrite"))
  }

  /// The command of an entry of the answer, on one line.
  private func command(_ title: String, in output: String) throws -> String {
    let lines = output.split(separator: "\n").map(String.init)
    let start = try #require(lines.firstIndex { $0.hasPrefix(title) }, "\(output)")
    var command = String(lines[start].dropFirst(16))
    for line in lines[(start + 1)...] where command.hasSuffix("\\") {
      command = command.dropLast() + line.trimmingCharacters(in: .whitespaces)
    }
    return command
  }

  /// The commands that are printed have all options that matter, and work as they are.
  @Test func nextCommands() throws {
    try workspace.writeSides(to: "my images.h5", count: 120, side: 24)
    let tool = try Tool(
      Self.advise([
        "--data", "my images.h5", "--resize", "16", "--limit", "100", "--seed", "3", "--prefer",
        "balanced", "--jobs", "1", "--budget", "20s", "--overwrite",
      ]), in: workspace.folder.url)
    let interrupted = try tool.outcome(after: ", fold 1: ", signal: SIGINT)
    #expect(interrupted.exitCode == 130, "\(interrupted.errors)")
    let more = try command("Go on", in: interrupted.output)
    #expect(more.hasPrefix("tlbench advise "))
    #expect(more.hasSuffix("--budget +20s") && !more.contains("--overwrite"))
    for part in ["'my images.h5'", "--resize 16", "--limit 100", "--prefer balanced"] {
      #expect(more.contains(part), "\(part) in \(more)")
    }
    func run(_ command: String) throws -> Tool.Outcome {
      try Tool.run(
        [], in: workspace.folder.url,
        script: command.replacingOccurrences(of: "tlbench ", with: "\"$0\" "))
    }
    let second = try run(more)
    #expect(second.exitCode == 0, "\(second.errors)")
    #expect(second.errors.contains("Going on with"))
    let train = try command("Next", in: second.output)
    for part in ["tlbench train ", "--resize 16", "--limit 100", "--seed 3", "--test-share 0"] {
      #expect(train.contains(part), "\(part) in \(train)")
    }
    let trained = try run(train)
    #expect(trained.exitCode == 0, "\(trained.errors)")
    #expect(workspace.exists("model.keras") && !trained.errors.contains("split off"))
  }

  /// The answer is printed although the network of the advised strategy cannot be saved, or its
  /// training is interrupted.
  @Test func answerWithoutModel() throws {
    try workspace.writeSides(to: "mine.h5")
    let arguments = Self.advise(["--model", "best.keras", "--labels", "none"])
    let tool = try Tool(arguments, in: workspace.folder.url)
    let failed = try tool.outcome(after: ", fold 1: ") {
      try FileManager.default.createDirectory(
        atPath: workspace.path("best.keras"), withIntermediateDirectories: false)
    }
    #expect(failed.exitCode != 0 && failed.output.contains("Use"), "\(failed.errors)")
    #expect(failed.errors.contains("best.keras") && workspace.exists("a.h5"))

    // So many that the last training takes some time.
    try workspace.writeSides(to: "many.h5", count: 600)
    let slow = Self.advise([
      "--data", "many.h5", "--model", "slow.keras", "--labels", "none", "--output", "b.h5",
      "--strategies", "from-scratch",
    ])
    let stopped = try Tool(slow, in: workspace.folder.url)
      .outcome(after: "Training from-scratch on all", signal: SIGINT)
    #expect(stopped.exitCode == 130 && stopped.output.contains("Use"), "\(stopped.errors)")
    #expect(!workspace.exists("slow.keras") && stopped.errors.contains("To go on: "))
  }

  /// What is to be written is checked before anything is read.
  @Test func outputsFirst() throws {
    try workspace.expectRefusal(
      Self.advise(["--data", "missing.h5", "--output", "nowhere/a.h5"]), exitCode: 73,
      saying: "nowhere/a.h5")
    try workspace.write(Data("mine".utf8), to: "a.h5")
    try workspace.expectRefusal(
      Self.advise(["--data", "missing.h5"]), exitCode: 73, saying: "a.h5", "--overwrite")
    try workspace.expectRefusal(
      Self.advise(["--data", "missing.h5", "--output", "b.h5", "--model", "nowhere/b.keras"]),
      exitCode: 73, saying: "nowhere/b.keras")
    try workspace.expectRefusal(
      Self.advise(["--output", "b.keras", "--model", "./b.keras"]), exitCode: 64,
      saying: "--model")
    // Nothing that is read is replaced, whatever it is called.
    try workspace.writeSides(to: "mine.h5")
    for more in [
      ["--output", "./mine.h5"],
      ["--output", "b.h5", "--model", "./Datasets/simple.weights.h5"],
      ["--output", "b.h5", "--report", "./mine.h5"],
    ] {
      try workspace.expectRefusal(
        Self.advise(["--overwrite"] + more), exitCode: 64, saying: "the same file")
    }
    try workspace.expectRefusal(
      Self.advise(["--output", "b.h5", "--test", "./mine.h5", "--quiet"]), exitCode: 64,
      saying: "--test", "raced on")
  }

  /// What cannot be raced is refused, each with what to do.
  @Test func refusals() throws {
    try workspace.writeSides(to: "one.h5", labels: { _ in 3 })
    try workspace.expectRefusal(
      Self.advise(["--data", "one.h5", "--quiet"]), exitCode: 65, saying: "fewer than two classes")
    try workspace.writeSides(to: "rare.h5", labels: { $0 == 0 ? 9 : $0 % 2 })
    try workspace.expectRefusal(
      Self.advise(["--data", "rare.h5", "--quiet"]), exitCode: 65,
      saying: "the class 9 has 1 example")
    try workspace.writeSides(to: "mine.h5")
    try workspace.expectRefusal(
      Self.advise(["--budget", "0.001s", "--quiet"]), exitCode: 64, saying: "--budget 0.001s",
      "Give at least")
    try workspace.expectRefusal(
      Self.advise(["--budget", "soon"]), exitCode: 64, saying: "'soon' is not a time")
    try workspace.expectRefusal(
      Self.advise(["--strategies", "magic"]), exitCode: 64, saying: "'magic' is unknown")
    try workspace.expectRefusal(
      Self.advise(["--labels", "2,9"]), exitCode: 64, saying: "--labels")
    try workspace.expectRefusal(
      Self.advise(["--model", "best.pt"]), exitCode: 64, saying: "--model")
  }

  /// The journal of a race with other images is not used.
  @Test func otherData() throws {
    try workspace.writeSides(to: "mine.h5")
    let first = try workspace.run(Self.advise(["--labels", "none", "--quiet"]))
    #expect(first.exitCode == 0, "\(first.errors)")
    try workspace.writeSides(to: "mine.h5", count: 64)
    try workspace.expectRefusal(
      Self.advise(["--labels", "none", "--quiet"]), exitCode: 73, saying: "different data",
      "--overwrite")
  }
}
