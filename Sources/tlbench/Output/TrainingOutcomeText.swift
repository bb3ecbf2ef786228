import Foundation
import Records
import Reports
import Transfer

/// What `tlbench train` prints about a model that it trained.
struct TrainingOutcomeText {
  /// The path of the model.
  let model: String
  let arm: Arm
  let measurement: Records.Measurement
  let features: FeatureCache
  let trainCount: Int
  /// The number of held-out examples; `nil` if there are none.
  let testCount: Int?

  /// How often each example passed through frozen layers.
  private var passes: Double {
    Double(features.computedRows) / Double(trainCount + (testCount ?? 0))
  }

  var text: String {
    let tested =
      testCount.map {
        "\(String(format: "%.2f", 100 * measurement.accuracy)) % of \(NumberText.count($0)) "
          + "examples, log-loss "
          + String(format: "%.4f", measurement.logLoss)
      } ?? "no examples held out"
    return """
      model             \(model)
      test accuracy     \(tested)
      train accuracy    \(String(format: "%.2f", 100 * measurement.trainAccuracy)) % of \
      \(NumberText.count(trainCount)) examples
      epochs            \(measurement.epochs)
      parameters        \(NumberText.count(measurement.trainableParameters)) trained of \
      \(NumberText.count(measurement.totalParameters))
      frozen tensors    \(measurement.audit.frozenTensors), unchanged
      frozen layers     \(String(format: "%.2f", passes)) passes per example, \
      \(String(format: "%.3g", features.computedSeconds)) s of CPU
      time              \(Quantity.seconds(measurement.cpuSeconds)) of CPU, \
      \(Quantity.flops(measurement.flops))

      \(finding)
      """
  }

  /// The finding in a sentence.
  private var finding: String {
    guard let testCount else {
      return "Finding: none without held-out examples; --test-share keeps some."
    }
    return "Finding: \(arm.name) recognizes \(NumberText.percent(measurement.accuracy)) % of "
      + "\(NumberText.count(testCount)) examples that it has not seen."
  }

  /// The outcome for programs.
  var members: JSONObject {
    let isTested = testCount != nil
    return [
      "model": .string(model),
      "strategy": .string(arm.name),
      "train_examples": .integer(trainCount),
      "test_examples": .integer(testCount),
      "accuracy": .metric(isTested ? measurement.accuracy : nil),
      "log_loss": .metric(isTested ? measurement.logLoss : nil),
      "train_accuracy": .metric(measurement.trainAccuracy),
      "epochs": .integer(measurement.epochs),
      "trained_parameters": .integer(measurement.trainableParameters),
      "total_parameters": .integer(measurement.totalParameters),
      "frozen_tensors": .integer(measurement.audit.frozenTensors),
      "passes_through_frozen_layers": .metric(passes),
      "cpu_seconds": .number(measurement.cpuSeconds),
      "flops": .number(measurement.flops),
      "history": .array(measurement.history.map(Self.object)),
    ]
  }

  private static func object(_ epoch: EpochRecord) -> JSONValue {
    .object([
      "loss": .metric(epoch.loss),
      "accuracy": .metric(epoch.accuracy),
      "learning_rate": .metric(epoch.learningRate),
      "seconds": .number(epoch.seconds),
      "validation_loss": .metric(epoch.validationLoss),
      "validation_accuracy": .metric(epoch.validationAccuracy),
    ])
  }
}
