import Analysis
import ArgumentParser
import Experiments
import Foundation
import NeuralNetwork
import Records
import Reports
import Results
import TaskData
import Transfer

/// A race of `tlbench advise`, from the features to the answer.
struct RaceSetting {
  let command: AdviseCommand
  let model: PretrainedModel
  let dataset: LabeledDataset
  let folds: Folds
  /// Examples that nothing is chosen by; `nil` if none were given.
  let sealedTest: LabeledImages?
  /// Started with the command.
  let start: SystemClock

  var images: LabeledImages { dataset.train }

  /// The strategies that race if none are named, the most promising first: a solved head,
  /// fine-tuning from it at several rates and as it is taught, and training from scratch.
  static let standard: [Arm] = [
    "linear-probe", "fine-tuning-one-rate", "fine-tuning-frozen-early-1e-3",
    "fine-tuning-one-rate-3e-4", "fine-tuning-one-rate-3e-3", "from-scratch-3e-3",
    "fine-tuning-all", "from-scratch",
  ].compactMap { Arm.known(withDepths: false).named($0) }

  /// - Throws: `Failure` of kind `badData` for a network without weights before its head.
  static func requireBackbone(of model: PretrainedModel, at path: String) throws(Failure) {
    guard model.network.graph.parameterLayers(in: LayerGroup.backbone).isEmpty else { return }
    throw Failure(
      .badData, "cannot advise on the network", on: path,
      because: "no layer before its head has weights, so that nothing can be transferred",
      remedy: "Give a pretrained network, or choose where its head begins (`headFrom`).")
  }

  /// Runs the race and prints the answer.
  ///
  /// - Throws: `Failure` if the race cannot begin, was interrupted (after the answer so far), or if
  ///   results could not be saved; `ExitCode` 3 if a decision is required and there is none.
  func run(announce: @escaping (String) -> Void) throws {
    let journalPath = RaceJournal.path(of: command.output)
    try SweepSession.requireThreads(jobs: command.jobs, for: "race")
    let isQuiet = command.quiet
    let interruption = Interruption { if !isQuiet { Console.note($0) } }
    try DefaultFolder.make(for: command.output)
    let journal = try RaceJournal(
      journalPath,
      of: RaceJournal.Identity(
        weights: model.digest, data: dataset.digest, folds: folds.parts.count, seed: command.seed,
        toolVersion: Version.text, libraries: Provenance.usedLibraries,
        instructionSet: Provenance.instructionSet),
      discard: command.overwrite)
    if let damage = journal.damage {
      announce("\(journalPath): \(damage); what follows is trained again")
    }
    let clock = SystemClock(earlier: journal.elapsed + start.elapsed)
    let budget = try command.seconds(after: journal.elapsed)
    if !journal.outcomes.isEmpty {
      announce("Going on with \(journal.outcomes.count) pieces from \(journalPath)")
    }
    var plan = try plan(budget: budget)
    if journal.outcomes.isEmpty {
      try plan.memory.require(plan.entrants.map { ($0.name, $0.memory) }, beside: imageBytes)
      try RaceBudget.check(plan, elapsed: clock.elapsed, text: command.budget)
    }
    let cache = FeatureCache(capacity: plan.cacheBytes)
    let runs = FoldRuns(
      model: model, images: images, folds: folds, features: cache, seed: command.seed)
    let features = try look(within: budget - clock.elapsed, announce) {
      interruption.isRequested || clock.elapsed >= budget
    }
    // The order of strategies that were named is the user's.
    if command.strategies == nil, let findings = features.findings {
      plan.order(by: findings)
    }
    let record = try race(plan, runs, journal, clock, interruption)
    guard !record.outcomes.isEmpty, let answer = plan.answer(record) else {
      throw unanswered(record, interruption)
    }
    try conclude(
      RaceConclusion(
        setting: self, plan: plan, record: record, answer: answer, features: features.findings,
        featuresSkipped: features.skipped, cache: cache, budget: budget, clock: clock),
      interruption, announce)
  }

  /// The share of the time left that looking at features may take.
  private static let featureShare = 0.1

  /// Looks at the features, at as many examples as there is time for, or says why not.
  ///
  /// A look that ends early has found nothing.
  private func look(
    within seconds: Double, _ announce: (String) -> Void, isCancelled: () -> Bool
  ) throws -> (findings: FeatureFindings?, skipped: String?) {
    let (count, classes) = (images.count, images.classCount)
    guard
      let examples = FeatureProbe.exampleCount(
        of: model, count: count, classes: classes, within: Self.featureShare * seconds)
    else {
      let needed = FeatureProbe.leastSeconds(of: model, count: count, classes: classes)
      let skipped =
        "that is expected to take \(Quantity.seconds(needed)), more than a tenth of the time left "
        + "(\(Quantity.seconds(max(0, seconds))))"
      announce("Features are not looked at: \(skipped)")
      return (nil, skipped)
    }
    let found: FeatureFindings
    do {
      found = try FeatureProbe.findings(
        of: model, on: images, examples: examples, seed: command.seed, isCancelled: isCancelled)
    } catch is CancellationError {
      return (nil, "the race ended before that was done")
    }
    announce(
      "Features: nearest neighbours \(percent(found.nearestNeighbours)), solved heads "
        + found.solvedHeads.map { percent($0.accuracy) }.joined(separator: " / ")
        + ", untrained \(percent(found.untrained))")
    return (found, nil)
  }

  private func race(
    _ plan: RacePlan, _ runs: FoldRuns, _ journal: RaceJournal, _ clock: SystemClock,
    _ interruption: Interruption
  ) throws -> RaceRecord {
    let arms = Dictionary(uniqueKeysWithValues: plan.entrants.map { ($0.name, $0.arm) })
    let isQuiet = command.quiet
    var observer = RaceSession.Observer()
    observer.isCancelled = { interruption.isRequested }
    observer.pieceEnded = { entry, outcome in
      // What failed for want of memory is trained again when the race goes on.
      if entry.isFinal { try journal.append(entry.piece, outcome, elapsed: entry.ended) }
      guard !isQuiet else { return }
      let (piece, time) = (entry.piece, Quantity.seconds(entry.taken))
      let part = piece.divisor == 1 ? "" : " with 1/\(piece.divisor) of the examples"
      switch outcome {
      case .completed(let result):
        let share = Double(result.correct.count { $0 }) / Double(max(1, result.correct.count))
        Console.note(
          "\(piece.strategy), fold \(piece.fold + 1)\(part): \(percent(share)) in \(time)")
      case .failed(let reason):
        Console.note("\(piece.strategy), fold \(piece.fold + 1)\(part) failed: \(reason)")
      }
    }
    observer.roundEnded = { record in
      guard !isQuiet, let answer = plan.answer(record, repetitions: 20) else { return }
      Console.note(
        RaceReport.progress(
          answer, names: plan.names, record: record, criteria: plan.rules.criteria))
    }
    return try RaceSession(plan: plan, clock: clock, observer: observer) { piece, isCancelled in
      guard let arm = arms[piece.strategy] else { throw CancellationError() }
      return try runs.measure(arm, piece, isCancelled: isCancelled)
    }.run(known: journal.outcomes)
  }

  private static func reason(_ drop: RaceRecord.Drop) -> String? {
    switch drop.reason {
    case .failed(let reason): "\(drop.name): \(reason)"
    case .memory(let bytes):
      "\(drop.name) needs \(Quantity.bytes(Double(bytes))) of memory, which there is not"
    case .behind, .time: nil
    }
  }

  /// Why there is no answer: no training has ended, so that there is nothing to go on from either.
  private func unanswered(_ record: RaceRecord, _ interruption: Interruption) -> Failure {
    if interruption.isRequested { return interrupted(record, interruption) }
    guard record.end == .time else { return Self.untrained(record) }
    return Failure(
      .failed, "no strategy could be trained",
      because: "the time was used up before the first fold of a strategy ended",
      remedy: "Give more time with --budget.")
  }

  private func interrupted(_ record: RaceRecord, _ interruption: Interruption) -> Failure {
    // Before a training has ended there is nothing that the same command would discard.
    let again =
      record.outcomes.isEmpty
      ? CommandLine.arguments
      : CommandLine.arguments.prefix(1) + NextCommand.race(model: command.model)
    return Failure(
      interruption.kind, "the race was interrupted",
      because: "after \(Quantity.seconds(record.elapsed))",
      remedy: "To go on: \(ResumeHint.command(again))")
  }

  /// Why no strategy has a fold.
  private static func untrained(_ record: RaceRecord) -> Failure {
    let needsMemory = record.drops.contains {
      if case .memory = $0.reason { true } else { false }
    }
    return Failure(
      .failed, "no strategy could be trained",
      because: record.drops.lazy.compactMap(reason).first ?? "none is left",
      remedy: needsMemory
        ? "Free memory, or give smaller images (--resize)."
        : "Check the images and the weights for extreme values.")
  }

  private func conclude(
    _ conclusion: RaceConclusion, _ interruption: Interruption, _ announce: (String) -> Void
  ) throws {
    let (record, answer) = (conclusion.record, conclusion.answer)
    // The answer does not depend on the training that follows it.
    let sealed = Result {
      try conclusion.train(announce: announce) { interruption.isRequested }
    }
    let wasInterrupted = interruption.isRequested
    let report = conclusion.report(try? sealed.get())
    let format = try command.format.value(of: "--format")
    StandardOutput.write(report.text(format == .text ? .table : .json))
    try conclusion.write(report)
    try command.writePage(report)
    announce("Results: \(command.output)")
    _ = try sealed.get()
    if wasInterrupted { throw interrupted(record, interruption) }
    if record.end == .failed, record.drops.allSatisfy({ $0.folds == 0 }) {
      throw Self.untrained(record)
    }
    if command.requireDecision, !answer.isDecided {
      try StandardOutput.finish()
      throw AdviseCommand.undecided
    }
  }
}

private func percent(_ fraction: Double) -> String { String(format: "%.1f %%", 100 * fraction) }
