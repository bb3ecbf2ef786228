import Records

/// A variable of the file: its name, what readers are told about it, and the place of its values.
struct Variable<Value: Sendable>: Sendable {
  let name: String
  /// The `long_name` of CF, for axes of plots.
  let longName: String
  /// A unit of UDUNITS, `1` for counts and shares.
  ///
  /// Times are in `s`, never `seconds`, which xarray would turn into time differences.
  let units: String
  let value: Value

  init(_ name: String, _ longName: String, units: String = "1", _ value: Value) {
    self.name = name
    self.longName = longName
    self.units = units
    self.value = value
  }
}

typealias MeasurementPath<Number> = any WritableKeyPath<Measurement, Number> & Sendable
typealias EpochPath = any WritableKeyPath<EpochRecord, Double> & Sendable

/// The variables over cells and epochs.
///
/// Reading and writing go through the same lists.
enum Variables {
  /// Missing is NaN.
  static let reals: [Variable<MeasurementPath<Double>>] = [
    Variable("accuracy", "share of test examples classified correctly", \.accuracy),
    Variable("log_loss", "mean negative log-likelihood on the test set in nats", \.logLoss),
    Variable(
      "train_accuracy", "share of training examples classified correctly after training",
      \.trainAccuracy),
    Variable(
      "wall_seconds", "elapsed time of preparation and training", units: "s",
      \.wallSeconds),
    Variable("cpu_seconds", "processor time of the training thread", units: "s", \.cpuSeconds),
    Variable("flops", "floating-point operations of convolutions and dense layers", \.flops),
    Variable("early_rate", "peak learning rate of the early layers", \.audit.rates.early),
    Variable("middle_rate", "peak learning rate of the middle layers", \.audit.rates.middle),
    Variable("late_rate", "peak learning rate of the late layers", \.audit.rates.late),
    Variable("head_rate", "peak learning rate of the head", \.audit.rates.head),
  ]

  /// Missing is -1.
  static let integers: [Variable<MeasurementPath<Int>>] = [
    Variable(
      "peak_bytes", "largest sum of buffers held at once", units: "byte", \.peakBytes),
    Variable("trainable_parameters", "parameters that were trained", \.trainableParameters),
    Variable("total_parameters", "parameters of the network", \.totalParameters),
    Variable("epochs", "passes over the training examples", \.epochs),
    Variable(
      "frozen_tensors", "parameter tensors that were not trained and did not change",
      \.audit.frozenTensors),
    Variable(
      "loaded_tensors", "parameter tensors that started at pretrained values",
      \.audit.loadedTensors),
    Variable("backbone_tensors", "parameter tensors of the backbone", \.audit.backboneTensors),
  ]

  /// Padded with NaN behind the last epoch of a cell.
  static let history: [Variable<EpochPath>] = [
    Variable("epoch_loss", "mean training loss of the epoch in nats", \.loss),
    Variable("epoch_accuracy", "share of training examples classified correctly", \.accuracy),
    Variable(
      "epoch_learning_rate", "learning rate of the head at the end of the epoch", \.learningRate),
    Variable("epoch_seconds", "elapsed time of the epoch", units: "s", \.seconds),
    Variable(
      "epoch_validation_loss", "mean loss on held-out labels in nats, where some are held out",
      \.storedValidationLoss),
    Variable(
      "epoch_validation_accuracy", "share of held-out examples classified correctly",
      \.storedValidationAccuracy),
  ]

  static let digests: [Variable<MeasurementPath<String>>] = [
    Variable(
      "frozen_digest_before", "SHA-256 of the tensors that were not trained, at the start",
      \.audit.frozenDigestBefore),
    Variable(
      "frozen_digest_after", "SHA-256 of the tensors that were not trained, at the end",
      \.audit.frozenDigestAfter),
  ]
  static let loadedLayers = Variable(
    "loaded_layers", "layers that started at pretrained values, separated by spaces", ())

  /// NaN where no estimate was made.
  ///
  /// No part of the digest: estimates get better.
  static let estimates: [Variable<any WritableKeyPath<CostEstimate, Double> & Sendable>] = [
    Variable("estimated_flops", "floating-point operations expected before the run", \.flops),
    Variable(
      "estimated_cpu_seconds", "processor time expected before the run", units: "s",
      \.cpuSeconds),
    Variable(
      "estimated_peak_bytes", "largest sum of buffers expected before the run", units: "byte",
      \.storedPeakBytes),
  ]

  static let status = Variable("status", "how the cell ended", ())
  static let failureReason = Variable("failure_reason", "why the cell failed", ())
  /// A diverged run has NaN in its history, so that its length cannot be told from the padding.
  static let historyLength = Variable("history_length", "epochs with a record in the history", ())

  /// The number along the axis `similarity`, whose coordinate is the label.
  static let similarityValue = Variable(
    "similarity_value", "share of the source structure that the task inherits", ())
}

extension CostEstimate {
  /// A whole number that a file can leave out.
  fileprivate var storedPeakBytes: Double {
    get { Double(peakBytes) }
    set { peakBytes = Int(exactly: newValue.rounded()) ?? 0 }
  }
}

extension EpochRecord {
  /// NaN in the file is `nil` here.
  fileprivate var storedValidationLoss: Double {
    get { validationLoss ?? .nan }
    set { validationLoss = newValue.isNaN ? nil : newValue }
  }

  fileprivate var storedValidationAccuracy: Double {
    get { validationAccuracy ?? .nan }
    set { validationAccuracy = newValue.isNaN ? nil : newValue }
  }
}
