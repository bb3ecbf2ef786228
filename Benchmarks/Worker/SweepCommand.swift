import ArgumentParser
import Experiments
import Foundation
import Records
import Results
import Sweep
import Synchronization
import Transfer

/// Measures the cost of a sweep of many runs without their training.
///
/// That is the cost of plan, journal, resumption and export; check_scale.py uses it.
struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep", abstract: "Perform a sweep of runs that train nothing.")

  @Option(help: ArgumentHelp("Number of runs, a multiple of 400.", valueName: "count"))
  var runs = 100_000

  @Option(help: ArgumentHelp("File for the results.", valueName: "path"), completion: .file())
  var output: String

  @Option(
    help: ArgumentHelp(
      "Runs after which to stop, leaving a journal (default: all).", valueName: "count"))
  var stopAfter: Int?

  @Option(help: ArgumentHelp("Epochs in the history of a run.", valueName: "count"))
  var epochs = 1

  @Flag(help: "Do not sync the journal after each run.")
  var noSync = false

  func run() throws {
    let planning = Stopwatch()
    let plan = SweepPlan(
      architecture: "simple", similarities: (0..<10).compactMap { Similarity("0.\($0)5") },
      trainSizes: Array(1...10), arms: Arm.taught, replicates: runs / 400,
      weightsDigest: "none")
    let costs = plan.runKeys.map { Double($0.trainSize) }
    report("plan", planning.seconds.cpu)

    let opening = Stopwatch()
    let identity = SweepIdentity(
      plan: plan, taskDigests: [:], toolVersion: "worker",
      libraries: Provenance.usedLibraries, instructionSet: Provenance.instructionSet)
    let settings = SweepSettings(
      jobs: 1, memory: .init(features: 0), output: output,
      synchronization: noSync ? .none : .everyAppend, toolVersion: "worker",
      commandLine: CommandLine.arguments.joined(separator: " "))
    let journal = try ResultsJournal(
      ResultsJournal.path(of: output), of: identity, discard: false,
      synchronization: settings.synchronization)
    let taken = journal.cellCount
    report("resume", opening.seconds.cpu)

    let running = Stopwatch()
    let observer = StoppingObserver(limit: stopAfter ?? .max)
    let (results, failure) = try SweepExecution(
      plan: plan, runs: plan.runKeys, journal: journal, settings: settings, observer: observer
    ).run(cost: { plan.place(of: $0).map { costs[$0] } ?? 0 }) { key, _ in
      observer.start()
      return measurement(of: key)
    }
    if let failure { throw failure }
    let new = results.endedCount - taken
    report("run", running.wallSeconds)

    let exporting = Stopwatch()
    try ResultsFile.write(results, to: output)
    report("export", exporting.seconds.cpu)
    report("taken", Double(taken))
    report("new", Double(new))
    if results.missingCount == 0 { try journal.remove() }
  }

  private func measurement(of key: RunKey) -> Records.Measurement {
    let number = Double(key.replicate)
    var audit = FreezeRecord()
    // The digests and names are as long as in a real run.
    audit.frozenDigestBefore = String(repeating: "0123456789abcdef", count: 4)
    audit.frozenDigestAfter = audit.frozenDigestBefore
    audit.loadedLayers = (1...8).map { "block\($0)_conv1" }
    return Measurement(
      accuracy: number / 1e3, logLoss: 1, trainAccuracy: 1, wallSeconds: 0.1, cpuSeconds: 0.1,
      flops: 1e9, peakBytes: 1 << 20, trainableParameters: 10, totalParameters: 20,
      epochs: epochs,
      history: (0..<epochs).map {
        EpochRecord(loss: Double($0), accuracy: 0.5, learningRate: 1e-3, seconds: 0.1)
      }, audit: audit)
  }

  private func report(_ name: String, _ value: Double) { print("\(name) \(value)") }
}

/// Ends a sweep once a given number of runs have started.
private final class StoppingObserver: SweepObserver {
  private let started = Atomic(0)
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  func start() { started.add(1, ordering: .relaxed) }

  var isCancelled: Bool { started.load(ordering: .relaxed) >= limit }

  func note(_ message: String) {}
  func observe(_ event: SweepEvent, _ progress: SweepProgress) {}
  func runsEnded() {}
}
