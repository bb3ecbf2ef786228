import Analysis
import ArgumentParser
import Experiments
import NeuralNetwork
import Records
import Reports
import Results
import TaskData
import Transfer

extension AdviseCommand {
  /// The end of a command that requires a decision and has none.
  static let undecided = ExitCode(3)
}

/// The end of a race: trains the advised strategy on all labels if requested, reports and saves.
struct RaceConclusion {
  let setting: RaceSetting
  let plan: RacePlan
  let record: RaceRecord
  let answer: RaceAnswer
  let features: FeatureFindings?
  /// Why the features were not looked at; `nil` if they were.
  let featuresSkipped: String?
  /// The features that the trainings of the race have shared.
  let cache: FeatureCache
  /// The time limit in seconds.
  let budget: Double
  let clock: SystemClock

  private var command: AdviseCommand { setting.command }

  private var advised: Arm? {
    answer.isGuessing || answer.choice.entrant == plan.guessIndex
      ? nil : plan.entrants[answer.choice.entrant].arm
  }

  /// Trains the advised strategy on all labels, saves it and tests it on the sealed test, as
  /// requested.
  ///
  /// - Parameter isCancelled: called before every batch, also of the test, and before every
  ///   iteration of a solved head; once it returns `true`, nothing is saved.
  /// - Returns: the result of the sealed test; `nil` without one, or without an advised strategy.
  func train(
    announce: (String) -> Void, isCancelled: () -> Bool
  ) throws -> RaceReport.SealedTest? {
    guard command.model != nil || setting.sealedTest != nil, !isCancelled() else { return nil }
    guard let advised else {
      announce("No model is trained: no strategy is shown to be better than guessing.")
      return nil
    }
    let (model, dataset) = (setting.model, setting.dataset)
    announce("Training \(advised.name) on all \(dataset.train.count) examples")
    let run = StrategyRun(
      arm: advised, model: model, seed: ContentDigest.seed("train", "\(command.seed)"),
      features: cache)
    let network: Network
    let sealed: RaceReport.SealedTest?
    do {
      network = try run.train(on: dataset.train, isCancelled: isCancelled).network
      sealed = try setting.sealedTest.map { images in
        let accuracy = try Evaluator.evaluate(
          network, on: images, isCancelled: isCancelled
        ).accuracy
        return RaceReport.SealedTest(
          correct: Int((accuracy * Double(images.count)).rounded()), count: images.count)
      }
    } catch is CancellationError {
      return nil
    }
    if let path = command.model {
      var provenance = [
        "tlbench_version": Version.text, "strategy": advised.name, "weights_digest": model.digest,
        "data_digest": dataset.digest, "train_size": "\(dataset.train.count)",
        "seed": "\(command.seed)",
      ]
      if let sealed {
        provenance["test_accuracy"] = "\(Double(sealed.correct) / Double(sealed.count))"
      }
      let trained = try TrainedModel(
        name: model.architecture, network: network, classNames: dataset.train.classNames,
        preprocess: dataset.pixelRange == nil ? dataset.train.preprocessing?.rawValue : nil,
        pixelRange: dataset.pixelRange, provenance: provenance)
      try ModelOutput.write(trained, to: path)
      announce("Model: \(path)")
    }
    return sealed
  }

  func report(_ sealed: RaceReport.SealedTest?) -> RaceReport {
    let images = setting.dataset.train
    let task = RaceReport.Task(
      labels: images.count, classes: images.classCount, folds: plan.folds.count,
      shape: setting.dataset.tokens == nil
        ? "\(images.shape)" : "texts of up to \(images.shape.width) places",
      network: setting.model.architecture, budget: budget,
      elapsed: clock.elapsed, metric: plan.metric, criteria: plan.rules.criteria)
    return RaceReport(
      task: task, answer: answer, names: plan.names, record: record, costs: plan.costs(record),
      features: features, featuresSkipped: featuresSkipped,
      forecasts: plan.forecasts(record, multiples: (try? command.multiples()) ?? []),
      sealedTest: sealed, next: next, goOn: goOn)
  }

  /// What to do with the advised strategy.
  private var next: String {
    guard let advised else {
      return "label more examples, or try "
        + (command.own.weights == nil ? "other features" : "another network")
    }
    let options = NextCommand.options(
      command.modelOptions.given + command.groups.given + command.dataOptions.given + ["--seed"])
    // Like the network that `--model` keeps.
    return NextCommand.command(
      NextCommand.training(weights: command.own.weights, data: command.own.data)
        + ["--strategy", advised.name] + options
        + [
          "--test-share", "0", "--output",
          NextCommand.newName(ModelOutput.usualName(for: setting.model.network)),
        ])
  }

  /// How to give the race more time; `nil` if it has ended for another reason.
  private var goOn: String? {
    guard record.end == .time || record.end == .interrupted, !answer.isDecided else { return nil }
    return NextCommand.command(
      NextCommand.race(adding: command.budgetText, model: command.model))
  }

  /// Writes the results file.
  func write(_ report: RaceReport) throws {
    var outcomes = record.outcomes
    for (fold, result) in plan.guess.results.enumerated() {
      // Guessing is not trained.
      outcomes[RacePiece(strategy: plan.guess.name, fold: fold)] = .completed(
        PieceResult(
          correct: result.correct, logLosses: result.logLosses, cpuSeconds: .nan,
          wallSeconds: .nan))
    }
    try RaceFile(
      names: plan.names, folds: plan.folds, labels: plan.labels, outcomes: outcomes,
      standings: report.standings,
      texts: [
        .answer: report.line(), .report: try report.stored(), .weights: command.weightsName,
        .data: command.dataName, .weightsDigest: setting.model.digest,
        .dataDigest: setting.dataset.digest, .seed: "\(command.seed)",
        .commandLine: ResumeHint.given, .toolVersion: Version.text,
      ]
    ).write(to: command.output)
  }
}
