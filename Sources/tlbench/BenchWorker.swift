import Foundation
import NeuralNetwork
import Records
import TaskData
import Tensors
import Transfer

/// What answers the requests of the benchmark; see Benchmarks/README.md for what they measure.
struct BenchWorker {
  private let folder: TaskFolder
  private var models: [Architecture: PretrainedModel] = [:]
  private var trainings: [Architecture: BenchTraining] = [:]
  private var extended: [BenchExtents: BenchTraining] = [:]

  /// All figures that answers have; each has those that its request is about.
  struct Answer: Encodable {
    /// Elapsed seconds of what is measured.
    var seconds: Double?
    /// Processor seconds of this process and of those that it started.
    var cpuSeconds: Double?
    /// Mean training loss of each pass, in nats.
    var losses: [Double]?
    var images: Int?
    /// Of a program for training, its parameters and optimizer.
    var bytes: Int?
    /// Floating-point operations of a step.
    var flops: Double?
    /// The objective that the probe minimizes, in nats.
    var objective: Double?
    var iterations: Int?
    /// Share classified correctly.
    var accuracy: Double?
    var cells: [Cell]?
    var rows: [Int]?
    var versions: [String: String]?

    enum CodingKeys: String, CodingKey {
      case seconds, losses, images, bytes, flops, objective, iterations, accuracy, cells, rows
      case versions
      case cpuSeconds = "cpu_seconds"
    }
  }

  /// A cell that was run.
  struct Cell: Encodable {
    let size: Int
    let arm: String
    let accuracy: Double
    /// As the sweep reports them: of training, features that other cells computed included.
    let cpuSeconds: Double

    enum CodingKeys: String, CodingKey {
      case size, arm, accuracy
      case cpuSeconds = "cpu_seconds"
    }
  }

  init(folder: TaskFolder) { self.folder = folder }

  mutating func answer(to request: BenchRequest) throws -> Answer {
    switch request.work {
    case .step:
      let training = try training(of: request)
      let watch = Stopwatch()
      let losses = try (0..<request.passes).map { _ in try training.pass() }
      return Answer(
        seconds: watch.wallSeconds, losses: losses, images: request.passes * training.images)
    case .extents:
      let training = try extended[request.extents] ?? BenchTraining(request.extents)
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
      let backbone = try BenchBackbone(
        try model(request.architecture).network, batch: request.batch)
      let watch = Stopwatch()
      let features = try backbone.features(of: images)
      let seconds = watch.wallSeconds
      if let file = request.featuresFile {
        try features.withUnsafeBytes { try Data($0).write(to: URL(fileURLWithPath: file)) }
      }
      return Answer(seconds: seconds, images: images.count)
    case .probe: return try probe(request)
    case .cells: return try cells(request)
    case .order:
      let task = try task(of: request)
      return Answer(rows: try folder.order(of: task, count: task.train.count))
    case .versions:
      return Answer(versions: [
        "tlbench": Version.text, "libraries": Provenance.usedLibraries.joined(separator: ", "),
        "processor": Provenance.processorName, "instruction set": Provenance.instructionSet,
      ])
    }
  }

  private func task(of request: BenchRequest) throws -> TaskDataset {
    try folder.target(request.similarity, replicate: request.replicate)
  }

  private mutating func model(_ architecture: Architecture) throws -> PretrainedModel {
    if let model = models[architecture] { return model }
    let model = try WeightsFile.read(
      WeightsFile.path(of: architecture, in: folder.path), expecting: architecture, by: .guarded)
    models[architecture] = model
    return model
  }

  private mutating func training(of request: BenchRequest) throws -> BenchTraining {
    if let training = trainings[request.architecture] { return training }
    let training = try BenchTraining(
      try model(request.architecture), on: try task(of: request).train)
    trainings[request.architecture] = training
    return training
  }

  private mutating func probe(_ request: BenchRequest) throws -> Answer {
    let task = try task(of: request)
    let backbone = try BenchBackbone(try model(request.architecture).network, batch: request.batch)
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

  /// Runs cells with all that a sweep does but journal and results file: reading and checking the
  /// task, sharing features, evaluation and audit.
  private mutating func cells(_ request: BenchRequest) throws -> Answer {
    let model = try model(request.architecture)
    let arms = try OptionValues.arms(request.arms.joined(separator: ","), among: Arm.standard)
    let plan = SweepPlan(
      architecture: request.architecture.rawValue, similarities: [request.similarity],
      trainSizes: request.sizes, arms: arms, replicates: request.replicate + 1,
      weightsDigest: model.digest)
    let run = BenchCells(
      plan: plan, replicate: request.replicate, jobs: request.jobs, model: model, folder: folder)
    let (watch, before) = (Stopwatch(), ProcessTime.seconds)
    let cells = try run.measured()
    return Answer(
      seconds: watch.wallSeconds, cpuSeconds: ProcessTime.seconds - before, cells: cells)
  }
}

/// Processor time of all threads of this process, and of the processes that it waited for.
private enum ProcessTime {
  static var seconds: Double {
    // Glibc calls them by an enumeration that its own function does not take.
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

extension timeval {
  fileprivate var inSeconds: Double { Double(tv_sec) + Double(tv_usec) * 1e-6 }
}
