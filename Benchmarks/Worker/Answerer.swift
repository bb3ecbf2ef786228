import Experiments
import Foundation
import HDF5
import NeuralNetwork
import Records
import TaskData
import Tensors
import Transfer

/// Answers the requests of the benchmark; Benchmarks/README.md explains what they measure.
struct Answerer {
  private let folder: TaskFolder
  private var models: [Architecture: PretrainedModel] = [:]
  private var trainings: [Architecture: WholeTraining] = [:]
  private var extended: [Extents: WholeTraining] = [:]
  private var largeNetwork: LargeNetwork?

  /// An answer; it has the values that its request is about, and no others.
  struct Answer: Encodable {
    /// Elapsed seconds of the measured work.
    var seconds: Double?
    /// Processor seconds of this process and of its child processes.
    var cpuSeconds: Double?
    /// Mean training loss of each pass, in nats.
    var losses: [Double]?
    var images: Int?
    /// The memory of a program for training, its parameters and optimizer.
    var bytes: Int?
    /// Floating-point operations of a step, or of a run forward of a batch.
    var flops: Double?
    /// The most memory that the process has taken since its start, in bytes.
    var peakMemory: Int?
    /// Floating-point operations per second by instruction set.
    var peaks: [String: Double]?
    /// The names of the kernels, each once.
    var kernels: [String]?
    /// The objective that the probe minimizes, in nats.
    var objective: Double?
    var iterations: Int?
    /// The fraction of the test images that is classified correctly.
    var accuracy: Double?
    var runs: [Run]?
    var rows: [Int]?
    var versions: [String: String]?

    enum CodingKeys: String, CodingKey {
      case seconds, losses, images, bytes, flops, objective, iterations, accuracy, rows
      case peaks, kernels
      case peakMemory = "peak_memory"
      case runs = "cells"
      case versions
      case cpuSeconds = "cpu_seconds"
    }
  }

  /// A run that was performed.
  struct Run: Encodable {
    let size: Int
    let strategy: String
    let accuracy: Double
    /// Processor seconds of training as a sweep reports them: features that other runs computed are
    /// included.
    let cpuSeconds: Double

    enum CodingKeys: String, CodingKey {
      case size, accuracy
      case strategy = "arm"
      case cpuSeconds = "cpu_seconds"
    }
  }

  init(folder: TaskFolder) { self.folder = folder }

  mutating func answer(to request: Request) throws -> Answer {
    switch request.work {
    case .step:
      let training = try training(of: request)
      let watch = Stopwatch()
      let losses = try (0..<request.passes).map { _ in try training.pass() }
      return Answer(
        seconds: watch.wallSeconds, losses: losses, images: request.passes * training.images,
        flops: training.flops)
    case .extents:
      let training = try extended[request.extents] ?? WholeTraining(request.extents.graph())
      extended[request.extents] = training
      let watch = Stopwatch()
      let losses = try (0..<request.passes).map { _ in try training.pass() }
      let spent = watch.seconds
      return Answer(
        seconds: spent.wall, cpuSeconds: spent.cpu, losses: losses,
        images: request.passes * training.images, bytes: training.bytes, flops: training.flops)
    case .backbone:
      let task = try task(of: request)
      let images = request.set == .train ? task.train : task.test
      let backbone = try Backbone(
        try model(request.architecture).network, batch: request.batch)
      let watch = Stopwatch()
      let features = try backbone.features(of: images)
      let seconds = watch.wallSeconds
      if let file = request.featuresFile {
        try features.withUnsafeBytes { try Data($0).write(to: URL(fileURLWithPath: file)) }
      }
      return Answer(seconds: seconds, images: images.count, flops: backbone.flops)
    case .probe: return try probe(request)
    case .runs: return try runs(request)
    case .order:
      let task = try task(of: request)
      return Answer(rows: try folder.order(of: task, count: task.train.count))
    case .large: return try large(request)
    case .kernels:
      let layers = try model(request.architecture).network.graph
        .kernelNames(batch: TrainingBudget.batchSize)
      return Answer(kernels: Set(layers.flatMap { $0.forward + $0.data + $0.weights }).sorted())
    case .peak:
      let peaks = MultiplyAddPeak.measured().map { ($0.instructionSet, $0.flopsPerSecond) }
      return Answer(peaks: Dictionary(uniqueKeysWithValues: peaks))
    case .versions:
      return Answer(versions: [
        "libraries": Provenance.usedLibraries.joined(separator: ", "),
        "processor": Provenance.processorName ?? "not known",
        "instruction set": Provenance.instructionSet,
      ])
    }
  }

  private func task(of request: Request) throws -> TaskDataset {
    try folder.target(request.similarity, replicate: request.replicate)
  }

  private mutating func model(_ architecture: Architecture) throws -> PretrainedModel {
    if let model = models[architecture] { return model }
    let model = try WeightsFile.read(
      WeightsFile.path(of: architecture, in: folder.path), expecting: architecture, by: .guarded)
    models[architecture] = model
    return model
  }

  private mutating func training(of request: Request) throws -> WholeTraining {
    if let training = trainings[request.architecture] { return training }
    let training = try WholeTraining(
      try model(request.architecture), on: try task(of: request).train)
    trainings[request.architecture] = training
    return training
  }

  /// Steps or passes of a large network, which is read for the first of them; a process answers for
  /// one network only.
  private mutating func large(_ request: Request) throws -> Answer {
    let network =
      try largeNetwork
      ?? LargeNetwork(
        weights: request.weightsFile, bytes: request.imagesFile, trains: request.trains)
    largeNetwork = network
    let watch = Stopwatch()
    let losses = try (0..<request.passes).compactMap { _ in try network.run() }
    let seconds = watch.wallSeconds
    if let file = request.featuresFile, let outputs = network.outputs {
      try outputs.withUnsafeBytes { try Data($0).write(to: URL(fileURLWithPath: file)) }
    }
    return Answer(
      seconds: seconds, losses: losses, flops: network.flops, peakMemory: ProcessMemory.peak)
  }

  private mutating func probe(_ request: Request) throws -> Answer {
    let task = try task(of: request)
    let backbone = try Backbone(try model(request.architecture).network, batch: request.batch)
    let features = try backbone.features(of: task.train)
    let watch = Stopwatch()
    let probe = try LinearProbe.fit(
      features: features, labels: task.train.labels, classes: task.train.classCount, strength: 1)
    let seconds = watch.wallSeconds
    let score = try probe.score(
      features: try backbone.features(of: task.test), labels: task.test.labels)
    return Answer(
      seconds: seconds, objective: probe.loss, iterations: probe.iterations,
      accuracy: score.accuracy)
  }

  /// Performs runs as a sweep does, with reading and checking the task, shared features, evaluation
  /// and audit, but without journal and results file.
  private mutating func runs(_ request: Request) throws -> Answer {
    let model = try model(request.architecture)
    let arms = try request.strategies.map { name in
      guard let arm = Arm.taught.first(where: { $0.name == name }) else {
        throw Failure(.usage, "cannot answer", because: "the strategy '\(name)' is unknown")
      }
      return arm
    }
    let plan = SweepPlan(
      architecture: request.architecture.rawValue, similarities: [request.similarity],
      trainSizes: request.sizes, arms: arms, replicates: request.replicate + 1,
      weightsDigest: model.digest)
    let run = PlanRuns(
      plan: plan, replicate: request.replicate, jobs: request.jobs, model: model, folder: folder)
    let (watch, before) = (Stopwatch(), ProcessTime.seconds)
    let runs = try run.measured()
    return Answer(
      seconds: watch.wallSeconds, cpuSeconds: ProcessTime.seconds - before, runs: runs)
  }
}

/// Processor time of all threads of this process, and of the processes that it waited for.
private enum ProcessTime {
  static var seconds: Double {
    // Glibc declares the constants as an enumeration, which its own function does not accept.
    #if os(Linux)
      let scopes = [RUSAGE_SELF, RUSAGE_CHILDREN].map(\.rawValue)
    #else
      let scopes = [RUSAGE_SELF, RUSAGE_CHILDREN]
    #endif
    return scopes.reduce(0) { sum, scope in
      var usage = rusage()
      getrusage(scope, &usage)
      return sum + usage.ru_utime.inSeconds + usage.ru_stime.inSeconds
    }
  }
}

/// The memory of this process.
private enum ProcessMemory {
  /// The most bytes that have been in memory since the start; `nil` if the system does not say.
  static var peak: Int? {
    guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else {
      return nil
    }
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line.flatMap { Int($0.filter(\.isNumber)) }.map { $0 << 10 }
  }
}

extension timeval {
  fileprivate var inSeconds: Double { Double(tv_sec) + Double(tv_usec) * 1e-6 }
}
