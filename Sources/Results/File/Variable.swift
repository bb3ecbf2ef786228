import HDF5
import Records

/// A variable of the file: its name, its description, and the property that holds its values.
struct Variable<Value: Sendable>: Sendable {
  let name: String
  /// The `long_name` of the CF conventions, used as a label of plots.
  let longName: String
  /// A unit of UDUNITS, `1` for counts and fractions.
  ///
  /// Times have the unit `s`, never `seconds`, which xarray would convert to time differences.
  let units: String
  let value: Value

  init(_ name: String, _ longName: String, units: String = "1", _ value: Value) {
    self.name = name
    self.longName = longName
    self.units = units
    self.value = value
  }

  /// Writes the description as attributes of the variable.
  func describe(_ dataset: HDF5Dataset) throws(HDF5Error) {
    try dataset.attributes.write(longName, to: "long_name")
    try dataset.attributes.write(units, to: "units")
  }
}

typealias MeasurementPath<Number> = any WritableKeyPath<Measurement, Number> & Sendable
typealias EpochPath = any WritableKeyPath<EpochRecord, Double> & Sendable

/// The variables over runs and epochs, in lists that both reading and writing use.
enum Variables {
  /// The real metrics; missing values are NaN.
  static let reals: [Variable<MeasurementPath<Double>>] = [
    Variable("accuracy", "fraction of test examples classified correctly", \.accuracy),
    Variable("log_loss", "mean negative log-likelihood on the test set in nats", \.logLoss),
    Variable(
      "train_accuracy", "fraction of training examples classified correctly after training",
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

  /// The whole-number metrics; missing values are -1.
  static let integers: [Variable<MeasurementPath<Int>>] = [
    Variable(
      "peak_bytes", "largest sum of buffers held at the same time", units: "byte", \.peakBytes),
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

  /// The metrics of epochs, padded with NaN after the last epoch of a run.
  static let history: [Variable<EpochPath>] = [
    Variable("epoch_loss", "mean training loss of the epoch in nats", \.loss),
    Variable("epoch_accuracy", "fraction of training examples classified correctly", \.accuracy),
    Variable(
      "epoch_learning_rate", "learning rate of the head at the end of the epoch", \.learningRate),
    Variable("epoch_seconds", "elapsed time of the epoch", units: "s", \.seconds),
    Variable(
      "epoch_validation_loss", "mean loss on held-out examples in nats, if some are held out",
      \.storedValidationLoss),
    Variable(
      "epoch_validation_accuracy", "fraction of held-out examples classified correctly",
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

  /// Which examples were classified correctly, only in files of comparisons over folds; -1 beyond
  /// the examples of a fold.
  ///
  /// The values are not part of the digest, which has the accuracy that they sum up to.
  static let correct = Variable(
    "correct", "whether the run classified an example of its fold correctly", ())

  /// The estimated costs; NaN if no estimate was made.
  ///
  /// They are not part of the digest, since later versions may estimate better.
  static let estimates: [Variable<any WritableKeyPath<CostEstimate, Double> & Sendable>] = [
    Variable("estimated_flops", "floating-point operations expected before the run", \.flops),
    Variable(
      "estimated_cpu_seconds", "processor time expected before the run", units: "s",
      \.cpuSeconds),
    Variable(
      "estimated_peak_bytes", "largest sum of buffers expected before the run", units: "byte",
      \.storedPeakBytes),
  ]

  static let status = Variable("status", "how the run ended", ())
  static let failureReason = Variable("failure_reason", "why the run failed", ())
  /// The length of the history; a diverged run has NaN in its history, so the padding does not show
  /// the length.
  static let historyLength = Variable("history_length", "epochs with a record in the history", ())

  /// The values along the axis `similarity`, whose coordinates are labels.
  static let similarityValue = Variable(
    "similarity_value", "fraction of the source structure that the task inherits", ())

  /// The groups of the tasks along the axis `similarity`, only in files of tasks with groups.
  static let group = Variable("group", "group of the task", ())

  /// The kinds of shift along the axis `similarity`, only in files of plans with kinds; `all` for
  /// tasks without one. (In xarray `shift` alone is a method.)
  static let shiftKind = Variable("shift_kind", "part of the structure that differs", ())

  /// The coordinates of metrics that are not axes, separated by spaces.
  static func coordinates(of plan: SweepPlan) -> String {
    similarityValue.name + (plan.taskGroups == nil ? "" : " \(group.name)")
      + (plan.hasShifts ? " \(shiftKind.name)" : "")
  }
}

extension CostEstimate {
  /// The peak of memory as a real number, so that a file can store NaN for a missing value.
  fileprivate var storedPeakBytes: Double {
    get { Double(peakBytes) }
    set { peakBytes = Int(exactly: newValue.rounded()) ?? 0 }
  }
}

extension EpochRecord {
  /// The validation loss as stored in the file: NaN stands for `nil`.
  fileprivate var storedValidationLoss: Double {
    get { validationLoss ?? .nan }
    set { validationLoss = newValue.isNaN ? nil : newValue }
  }

  /// The validation accuracy as stored in the file: NaN stands for `nil`.
  fileprivate var storedValidationAccuracy: Double {
    get { validationAccuracy ?? .nan }
    set { validationAccuracy = newValue.isNaN ? nil : newValue }
  }
}
