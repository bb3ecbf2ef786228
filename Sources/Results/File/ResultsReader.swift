import HDF5
import Records

/// Reads one results file.
///
/// The sizes in the plan are checked against the stored shapes before they are used.
struct ResultsReader {
  static let attempt = "cannot read the results"

  let path: String
  let root: HDF5Group
  private var attributes: HDF5Attributes { root.attributes }

  func read() throws -> SweepResults {
    typealias Name = ResultsFile.Attribute
    // The version comes first: another version may store everything else differently.
    let version = try attributes.readNumber(Name.formatVersion, as: Int.self)
    guard version == ResultsFile.formatVersion else {
      throw malformed(
        "/@\(Name.formatVersion)",
        "it has format \(version), but this version reads format \(ResultsFile.formatVersion)",
        remedy: "Read it with the version of tlbench that wrote it, or run the sweep again.")
    }
    let plan: SweepPlan = try decode(Name.plan)
    return SweepResults(
      plan: plan, provenance: try provenance(), outcomes: try outcomes(of: plan),
      estimates: try estimates(of: plan))
  }

  private func provenance() throws -> Provenance {
    typealias Name = ResultsFile.Attribute
    return Provenance(
      toolVersion: try attributes.readString(Name.toolVersion),
      commandLine: try attributes.readString(Name.commandLine),
      processor: ResultsFile.processor(try attributes.readString(Name.processor)),
      libraries: try decode(Name.libraries),
      finishedAt: try attributes.readString(Name.finishedAt),
      jobs: try attributes.readNumber(Name.jobs, as: Int.self),
      wallSeconds: try attributes.readNumber(Name.wallSeconds, as: Double.self),
      taskDigests: try decode(Name.taskDigests),
      instructionSet: try attributes.readString(Name.instructionSet),
      shard: Shard(try attributes.readString(Name.shard)), classCount: try classCount(),
      budgetSeconds: try attributes.contains(Name.budgetSeconds)
        ? try attributes.readNumber(Name.budgetSeconds, as: Double.self) : nil)
  }

  private func classCount() throws -> Int? {
    let name = ResultsFile.Attribute.classCount
    guard try attributes.contains(name) else { return nil }
    let count = try attributes.readNumber(name, as: Int.self)
    guard count > 0 else { throw malformed("/@\(name)", "\(count) is not a number of classes") }
    return count
  }

  private func decode<Value: Decodable>(_ name: String) throws -> Value {
    let text = try attributes.readString(name)
    guard let value = CanonicalJSON.decode(Value.self, from: text) else {
      throw malformed("/@\(name)", "its text is not valid JSON for a \(Value.self)")
    }
    return value
  }

  /// Reads only the plan, and which runs of its grid are completed.
  func readCompleted() throws -> (plan: SweepPlan, isCompleted: [Bool]) {
    let plan: SweepPlan = try decode(ResultsFile.Attribute.plan)
    return (plan, try statuses(of: plan).map { $0 == .completed })
  }

  private func statuses(of plan: SweepPlan) throws -> [CellStatus] {
    let numbers = try numbers(Variables.status.name, shape: plan.shape, as: Int8.self)
    return try numbers.enumerated().map { place, number in
      guard let status = CellStatus(rawValue: number) else {
        throw malformed("/\(Variables.status.name)", "\(number) is not a valid status")
      }
      guard (status == .notPlanned) != plan.isPlanned(at: place) else {
        throw malformed(
          "/\(Variables.status.name)",
          "the status \(number) of \(plan.key(at: place)) contradicts the plan")
      }
      return status
    }
  }

  private func outcomes(of plan: SweepPlan) throws -> [RunResult.Outcome?] {
    let statuses = try statuses(of: plan)
    let reasons = try variable(Variables.failureReason.name, shape: plan.shape).readStrings()
    let measurements = try measurements(shape: plan.shape)
    return statuses.indices.map { index in
      switch statuses[index] {
      case .missing, .notPlanned: nil
      case .completed: .completed(measurements[index])
      case .failed: .failed(reason: reasons[index])
      }
    }
  }

  private func estimates(of plan: SweepPlan) throws -> [CostEstimate?] {
    let columns = try Variables.estimates.map {
      try numbers($0.name, shape: plan.shape, as: Double.self)
    }
    return (0..<plan.gridCount).map { place in
      guard columns.allSatisfy({ $0[place].isFinite }) else { return nil }
      var estimate = CostEstimate.nothing
      for (variable, values) in zip(Variables.estimates, columns) {
        estimate[keyPath: variable.value] = values[place]
      }
      return estimate
    }
  }

  /// Reads one measurement per run in storage order, with fill values for runs without one.
  private func measurements(shape: [Int]) throws -> [Measurement] {
    let lengths = try numbers(Variables.historyLength.name, shape: shape, as: Int.self)
    let histories = try histories(lengths: lengths, shape: shape)
    var measurements = histories.map { history in
      var measurement = Measurement.unknown
      measurement.history = history
      return measurement
    }
    for variable in Variables.reals {
      let values = try numbers(variable.name, shape: shape, as: Double.self)
      for (index, value) in values.enumerated() {
        measurements[index][keyPath: variable.value] = value
      }
    }
    for variable in Variables.integers {
      let values = try numbers(variable.name, shape: shape, as: Int.self)
      for (index, value) in values.enumerated() {
        measurements[index][keyPath: variable.value] = value
      }
    }
    for digest in Variables.digests {
      let values = try variable(digest.name, shape: shape).readStrings()
      for (index, value) in values.enumerated() {
        measurements[index][keyPath: digest.value] = value
      }
    }
    if let examples = try examples(shape: shape) {
      for (index, own) in examples.enumerated() {
        guard let own else { continue }
        // The digest has the accuracies alone.
        let share = Double(own.count { $0 }) / Double(own.count)
        guard abs(share - measurements[index].accuracy) < 1e-9 else {
          throw malformed(
            "/\(Variables.correct.name)", "a run has another share of 1 than its accuracy says")
        }
        measurements[index].isCorrect = own
      }
    }
    let layers = try variable(Variables.loadedLayers.name, shape: shape).readStrings()
    for index in measurements.indices {
      measurements[index].audit.loadedLayers = layers[index].split(separator: " ").map(String.init)
    }
    return measurements
  }

  /// Whether each example of a fold was classified correctly; `nil` in files that do not say it,
  /// and for runs without a measurement.
  private func examples(shape: [Int]) throws -> [[Bool]?]? {
    let name = Variables.correct.name
    guard try root.contains(name) else { return nil }
    let length = try root.dataset(ResultsFile.Dimension.testExample).shape.first ?? 0
    guard length > 0 else { throw malformed("/\(name)", "it has no examples") }
    let values = try numbers(name, shape: shape + [length], as: Int8.self)
    return try stride(from: 0, to: values.count, by: length).map { start in
      let own = values[start..<start + length]
      let known = own.prefix { $0 >= 0 }
      guard known.allSatisfy({ $0 <= 1 }), own.dropFirst(known.count).allSatisfy({ $0 == -1 })
      else { throw malformed("/\(name)", "its values are not 1 and 0, and then -1") }
      return known.isEmpty ? nil : known.map { $0 == 1 }
    }
  }

  private func histories(lengths: [Int], shape: [Int]) throws -> [[EpochRecord]] {
    let epochs = try root.dataset(ResultsFile.Dimension.epoch).shape.first ?? 0
    guard lengths.allSatisfy({ $0 <= epochs }) else {
      throw malformed(
        "/\(Variables.historyLength.name)", "a history is longer than the \(epochs) stored epochs")
    }
    var histories = lengths.map { length in
      [EpochRecord](
        repeating: EpochRecord(loss: .nan, accuracy: .nan, learningRate: .nan, seconds: .nan),
        count: max(length, 0))
    }
    for variable in Variables.history {
      let values = try numbers(variable.name, shape: shape + [epochs], as: Double.self)
      for cell in histories.indices {
        for epoch in histories[cell].indices {
          histories[cell][epoch][keyPath: variable.value] = values[cell * epochs + epoch]
        }
      }
    }
    return histories
  }

  private func numbers<T: HDF5Number>(
    _ name: String, shape: [Int], as type: T.Type
  ) throws -> [T] {
    try variable(name, shape: shape).read(as: type)
  }

  private func variable(_ name: String, shape: [Int]) throws -> HDF5Dataset {
    let dataset = try root.dataset(name)
    guard dataset.shape == shape else {
      throw malformed(
        dataset.path, "its shape is \(dataset.shape), but the plan requires \(shape)")
    }
    return dataset
  }

  private func malformed(_ object: String, _ reason: String, remedy: String? = nil) -> Failure {
    Failure(
      .badData, Self.attempt, on: "\(path):\(object)", because: reason,
      remedy: remedy)
  }
}
