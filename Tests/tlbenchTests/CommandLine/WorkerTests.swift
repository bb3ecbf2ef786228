import Foundation
import NeuralNetwork
import Records
import Results
import Tensors
import Testing
import Transfer

/// The answers to the benchmark, whose other contestants have a check of their own in Python.
@Suite struct WorkerTests {
  private struct Answer: Decodable {
    struct Cell: Decodable {
      let size: Int
      let arm: String
      let accuracy: Double
    }

    var losses: [Double]?
    var cells: [Cell]?
    var rows: [Int]?
    var bytes: Int?
    var flops: Double?
    var peaks: [String: Double]?
    var kernels: [String]?
    var peakMemory: Int?
  }

  private let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.addWeights()
    try workspace.addTask()
  }

  private static let task = #""architecture": "simple", "similarity": "high", "replicate": 0"#

  private func answers(to requests: String...) throws -> [Answer] {
    let input = requests.map { "{\($0), \(Self.task)}\n" }.joined()
    let outcome = try workspace.run(["answer"], of: "tlbench-worker", input: input)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try outcome.output.split(separator: "\n").map {
      try decoder.decode(Answer.self, from: Data($0.utf8))
    }
  }

  /// What is timed are the runs of a sweep: their accuracies are the same.
  @Test func runsAreThoseOfASweep() throws {
    let sweep = try workspace.run(Workspace.sweep())
    #expect(sweep.exitCode == 0, "\(sweep.errors)")
    let results = try ResultsFile.read(workspace.path("sweep.h5"))
    let names = results.plan.arms.map { "\"\($0.name)\"" }.joined(separator: ", ")

    let answer = try answers(
      to: #""work": "cells", "sizes": [20], "arms": [\#(names)], "jobs": 2"#
    ).first

    let expected = Dictionary(
      uniqueKeysWithValues: results.plan.runKeys.map {
        ($0.arm.name, results[$0]?.measurement?.accuracy)
      })
    let measured = Dictionary(
      uniqueKeysWithValues: (answer?.cells ?? []).map { ($0.arm, Double?.some($0.accuracy)) })
    #expect(measured == expected)
    #expect(measured.count == 4)
  }

  /// Steps train: the loss starts at that of guessing at most, and falls with every pass.
  @Test func stepsTrain() throws {
    let answers = try answers(
      to: #""work": "step", "passes": 2"#, #""work": "step", "passes": 1"#)
    let losses = answers.flatMap { $0.losses ?? [] }
    #expect(losses.count == 3)
    #expect((losses.first ?? .infinity) < log(10))
    #expect(losses == losses.sorted(by: >))
  }

  /// By default the network of any extents is `medium`: a step takes as many operations.
  @Test func extentsAreThoseOfMedium() throws {
    let answer = try answers(to: #""work": "extents""#).first
    let graph = try Architecture.medium.graph(
      inputShape: ImageShape(height: 16, width: 16, channels: 1), classes: 10)
    let scope = try TrainingScope(graph: graph, trainableLayers: Set(graph.parameterLayers))
    let program = try TrainingProgram(
      graph, scope: scope, batch: 32,
      store: ParameterStore(
        network: Network(graph: graph, seed: 0), trainableLayers: scope.trainableLayers),
      randomness: StepRandomness(seed: 0))
    #expect(answer?.flops == program.flops)
  }

  /// Images of twice the side take four times the work of the convolutions and of the head.
  @Test func workGrowsAsTheSquareOfTheSide() throws {
    let flops = try answers(
      to: #""work": "extents""#, #""work": "extents", "side": 32"#
    ).map { try #require($0.flops) }
    #expect(flops[1] == 4 * flops[0])
  }

  /// A longer block is a longer network: it takes more work and more memory.
  @Test func deeperBlocks() throws {
    let answers = try answers(
      to: #""work": "extents""#, #""work": "extents", "convolutions": 3"#)
    let (flops, bytes) = (answers.compactMap(\.flops), answers.compactMap(\.bytes))
    #expect(flops.count == 2 && flops[0] < flops[1])
    #expect(bytes.count == 2 && bytes[0] < bytes[1])
  }

  /// The peaks are those of the instruction sets up to that of the kernels; a command prints them.
  @Test func peaks() throws {
    let peaks = try #require(try answers(to: #""work": "peak""#).first?.peaks)
    let sets = ["portable", "avx2", "avx512"]
    let best = try #require(sets.firstIndex(of: kernelInstructionSet))
    #expect(Set(peaks.keys) == Set(sets[...best]) && peaks.values.allSatisfy { $0 > 1e7 })
    let outcome = try workspace.run(["peak"], of: "tlbench-worker")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.map { $0.prefix { $0 != " " } } == sets[...best].map { $0[...] })
    #expect(lines.allSatisfy { $0.hasSuffix(" GFLOP/s") })
  }

  /// The kernels are those that `inspect --kernels` lists, each once.
  @Test func kernels() throws {
    let kernels = try #require(try answers(to: #""work": "kernels""#).first?.kernels)
    #expect(kernels == Set(kernels).sorted())
    #expect(kernels.contains { $0.hasSuffix(":\(kernelInstructionSet)") })
  }

  /// A large network is read from a state dict, and takes steps, or passes whose outputs are
  /// written.
  @Test func largeNetworks() throws {
    let weights = Tool.repository
      .appending(path: "Tests/ModelFilesTests/Fixtures/torch_resnet.h5").path
    let pixels = ImageShape(height: 224, width: 224, channels: 3).count
    let bytes = Data((0..<2 * pixels).map { UInt8(truncatingIfNeeded: $0) })
    try workspace.write(bytes, to: "images")
    let files = #""weights_file": "\#(weights)", "images_file": "images""#
    let steps = try answers(
      to: #""work": "large", "passes": 2, \#(files)"#, #""work": "large", \#(files)"#)
    #expect(steps.map { $0.losses?.count } == [2, 1])
    let flops = try steps.map { try #require($0.flops) }
    #expect(flops[0] > 0 && flops[1] == flops[0])
    #if os(Linux)
      for step in steps { #expect(try #require(step.peakMemory) > 1 << 24) }
    #endif
    let passes = try answers(
      to: #""work": "large", "trains": false, "features_file": "outputs", \#(files)"#)
    let pass = try #require(passes.first)
    #expect(pass.losses == [])
    #expect(try #require(pass.flops) < flops[0])
    let outputs = try workspace.bytes(of: "outputs")
    #expect(outputs.count == 2 * 5 * MemoryLayout<Float>.stride)
    try workspace.write(bytes.dropLast(), to: "images")
    let torn = try workspace.run(
      ["answer"], of: "tlbench-worker", input: #"{"work": "large", \#(files)}"# + "\n")
    #expect(torn.exitCode == 65 && torn.errors.contains("no batch of 224×224×3"))
  }

  /// Rows for the other contestants hold every example once.
  @Test func orderOfExamples() throws {
    let rows = try #require(try answers(to: #""work": "order""#).first?.rows)
    #expect(rows.sorted() == Array(0..<10_000))
  }

  /// Training with several threads is compared with one, of which it has the losses.
  @Test func threads() throws {
    let outcome = try workspace.run(
      [
        "threads", "--threads", "2", "--threads", "3", "--rounds", "1", "--side", "8", "--filters",
        "8",
      ],
      of: "tlbench-worker")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 3 && lines.allSatisfy { $0.contains("times as fast as one") })
    #expect(lines.first?.hasPrefix("1 threads: 1.00 times") == true)
  }

  /// A line that is no request is an error that shows it.
  @Test(arguments: ["", "{}", #"{"work": "sleep"}"#, #"{"work": "step", "similarity": "near"}"#])
  func noRequest(line: String) throws {
    let outcome = try workspace.run(["answer"], of: "tlbench-worker", input: line + "\n")
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.hasPrefix("tlbench-worker: cannot read the request \(line):"))
  }

  /// A request for the impossible is an error that says which figure it is.
  @Test(arguments: ["passes", "batch", "jobs", "side", "filters", "convolutions"])
  func impossible(figure: String) throws {
    let outcome = try workspace.run(
      ["answer"], of: "tlbench-worker", input: #"{"work": "step", "\#(figure)": 0}"# + "\n")
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.contains(figure))
  }
}
