import ArgumentParser
import Foundation
import Records
import Results
import Synchronization
import Transfer

/// Measures what a sweep of many cells takes beside their training: plan, journal, resumption and
/// export, with cells that train nothing; check_scale.py drives it.
struct BenchSweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "bench-sweep", shouldDisplay: false)

  @Option(help: "Number of cells, a multiple of 400.")
  var cells = 100_000

  @Option(help: "Where the results go.")
  var output: String

  @Option(help: "Cells after which to stop, with a journal; all by default.")
  var stopAfter: Int?

  @Option(help: "Epochs in the history of a cell.")
  var epochs = 1

  @OptionGroup var running: RunOptions

  func run() throws {
    let options = try running.validated()
    let planning = Stopwatch()
    let plan = SweepPlan(
      architecture: "simple", similarities: (0..<10).compactMap { Similarity("0.\($0)5") },
      trainSizes: Array(1...10), arms: Arm.standard, replicates: cells / 400,
      weightsDigest: "none")
    let cells = plan.cellKeys
    let costs = cells.map { Double($0.trainSize) }
    report("plan", planning.seconds.cpu)

    let opening = Stopwatch()
    let identity = SweepIdentity(
      plan: plan, taskDigests: [:], toolVersion: Version.text,
      libraries: Provenance.usedLibraries, instructionSet: Provenance.instructionSet)
    let journal = try ResultsJournal(
      ResultsJournal.path(of: output), of: identity, discard: false,
      synchronization: options.noSync ? .none : .everyAppend)
    let taken = journal.cellCount
    report("resume", opening.seconds.cpu)

    let running = Stopwatch()
    let started = Atomic(0)
    let limit = stopAfter ?? .max
    let printer = ProgressPrinter(options.progressStyle)
    let (results, failure) = try CellRun(
      plan: plan, cells: cells, journal: journal, jobs: 1, output: output, exportSeconds: 0,
      taskDigests: [:],
      printer: printer, isInterrupted: { started.load(ordering: .relaxed) >= limit }
    ).run(cost: { plan.place(of: $0).map { costs[$0] } ?? 0 }) { key, _ in
      started.add(1, ordering: .relaxed)
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

  private func measurement(of key: CellKey) -> Records.Measurement {
    let number = Double(key.replicate)
    var audit = FreezeRecord()
    // As long as they are in a real cell.
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
