import HDF5
import Records

/// Writes one results file; coordinates come first, since variables refer to them.
struct ResultsWriter {
  let results: SweepResults
  let root: HDF5Group

  private var plan: SweepPlan { results.plan }
  /// The outcomes over the whole grid.
  private var cells: [RunResult.Outcome?] { results.outcomes }
  private var cellShape: [Int] { plan.shape }

  func write() throws {
    try writeAttributes()
    // At least one epoch: netCDF treats an axis of length zero as unlimited.
    let epochs = max(1, cells.compactMap { $0?.measurement?.history.count }.max() ?? 1)
    let axes = try writeCoordinates(epochs: epochs)
    let cellAxes = Array(axes.prefix(cellShape.count))
    try writeOutcomes(of: cells, over: cellAxes)
    try writeFigures(of: cells, over: cellAxes)
    try writeHistory(of: cells, epochs: epochs, over: axes)
    if plan.folds != nil { try writeExamples(of: cells, over: cellAxes) }
  }

  private func writeAttributes() throws {
    let attributes = root.attributes
    typealias Name = ResultsFile.Attribute
    let provenance = results.provenance
    try attributes.write("CF-1.10", to: Name.conventions)
    try attributes.write("tlbench results", to: Name.title)
    try attributes.write(ResultsFile.formatVersion, to: Name.formatVersion)
    try attributes.write(plan.architecture, to: Name.architecture)
    try attributes.write(plan.weightsDigest, to: Name.weightsDigest)
    try attributes.write(CanonicalJSON.encode(provenance.taskDigests), to: Name.taskDigests)
    try attributes.write(provenance.toolVersion, to: Name.toolVersion)
    try attributes.write(provenance.commandLine, to: Name.commandLine)
    try attributes.write(provenance.processor ?? ResultsFile.unknownProcessor, to: Name.processor)
    try attributes.write(CanonicalJSON.encode(provenance.libraries), to: Name.libraries)
    try attributes.write(provenance.instructionSet, to: Name.instructionSet)
    try attributes.write(provenance.finishedAt, to: Name.finishedAt)
    try attributes.write(provenance.jobs, to: Name.jobs)
    try attributes.write(provenance.wallSeconds, to: Name.wallSeconds)
    try attributes.write(provenance.shard?.description ?? "", to: Name.shard)
    if let count = provenance.classCount { try attributes.write(count, to: Name.classCount) }
    if let seconds = provenance.budgetSeconds {
      try attributes.write(seconds, to: Name.budgetSeconds)
    }
    try attributes.write(CanonicalJSON.encode(plan), to: Name.plan)
  }

  /// Writes the coordinates, and returns those that name axes, in storage order, `epoch` last.
  private func writeCoordinates(epochs: Int) throws -> [HDF5Dataset] {
    typealias Name = ResultsFile.Dimension
    var scales = [
      (
        try root.write(plan.similarities.map(\.label), to: Name.similarity),
        "similarity of the task to the source"
      ),
      (
        try root.write(plan.trainSizes, shape: [plan.trainSizes.count], to: Name.trainSize),
        "labelled training examples"
      ),
      (
        try root.write(plan.arms.map(\.name), to: Name.strategy),
        "name of the strategy"
      ),
    ]
    if !plan.depths.isEmpty {
      scales.append(
        (
          try root.write(plan.depths, shape: [plan.depths.count], to: Name.depth),
          "number of transferred layer groups, counted from the input"
        ))
    }
    scales += [
      (
        try root.write(Array(0..<plan.replicates), shape: [plan.replicates], to: Name.replicate),
        "replicate, each on a different task"
      ),
      (
        try root.write(Array(1...epochs), shape: [epochs], to: Name.epoch),
        "epoch, counted from 1 over all phases"
      ),
    ]
    for (scale, longName) in scales {
      try scale.makeScale(named: String(scale.path.dropFirst()))
      try Variable(scale.path, longName, ()).describe(scale)
    }
    let axes = scales.map(\.0)
    let values = try root.write(
      plan.similarities.map { $0.value ?? .nan }, shape: [plan.similarities.count],
      to: Variables.similarityValue.name)
    try finish(values, Variables.similarityValue, over: [axes[0]])
    if let groups = plan.taskGroups {
      let names = try root.write(
        plan.similarities.map { groups[$0.label] ?? "" }, to: Variables.group.name)
      try finish(names, Variables.group, over: [axes[0]])
    }
    if plan.hasShifts {
      let kinds = try root.write(
        plan.similarities.map { Shift.word($0.shift) }, to: Variables.shiftKind.name)
      try finish(kinds, Variables.shiftKind, over: [axes[0]])
    }
    return axes
  }

  private func writeOutcomes(of cells: [RunResult.Outcome?], over axes: [HDF5Dataset]) throws {
    let statuses = cells.enumerated().map { place, cell -> CellStatus in
      switch cell {
      case nil: plan.isPlanned(at: place) ? .missing : .notPlanned
      case .completed: .completed
      case .failed: .failed
      }
    }
    let status = try root.write(
      statuses.map(\.rawValue), shape: cellShape, to: Variables.status.name)
    try finish(status, Variables.status, over: axes)
    try status.attributes.write(CellStatus.allCases.map(\.rawValue), to: "flag_values")
    try status.attributes.write(
      CellStatus.allCases.map(\.meaning).joined(separator: " "), to: "flag_meanings")

    let reasons = cells.map { cell -> String in
      if case .failed(let reason) = cell { reason } else { "" }
    }
    try write(reasons, Variables.failureReason, over: axes)
    let measurements = cells.map { $0?.measurement }
    for digest in Variables.digests {
      try write(measurements.map { $0?[keyPath: digest.value] ?? "" }, digest, over: axes)
    }
    try write(
      measurements.map { $0?.audit.loadedLayers.joined(separator: " ") ?? "" },
      Variables.loadedLayers, over: axes)
  }

  private func write<Value>(
    _ texts: [String], _ variable: Variable<Value>, over axes: [HDF5Dataset]
  ) throws {
    try finish(
      try root.write(texts, shape: cellShape, to: variable.name), variable, over: axes)
  }

  private func writeFigures(of cells: [RunResult.Outcome?], over axes: [HDF5Dataset]) throws {
    for variable in Variables.reals {
      let values = cells.map { $0?.measurement?[keyPath: variable.value] ?? .nan }
      try write(values, shape: cellShape, variable, fill: .nan, over: axes)
    }
    for variable in Variables.integers {
      let values = cells.map { $0?.measurement?[keyPath: variable.value] ?? -1 }
      try write(values, shape: cellShape, variable, fill: -1, over: axes)
    }
    let estimates =
      results.estimates.isEmpty ? Array(repeating: nil, count: cells.count) : results.estimates
    for variable in Variables.estimates {
      let values = estimates.map { $0?[keyPath: variable.value] ?? .nan }
      try write(values, shape: cellShape, variable, fill: .nan, over: axes)
    }
    let lengths = cells.map { $0?.measurement?.history.count ?? -1 }
    try write(lengths, shape: cellShape, Variables.historyLength, fill: -1, over: axes)
  }

  private func writeHistory(
    of cells: [RunResult.Outcome?], epochs: Int, over axes: [HDF5Dataset]
  ) throws {
    for variable in Variables.history {
      let values = cells.flatMap { cell in
        let known = cell?.measurement?.history.map { $0[keyPath: variable.value] } ?? []
        return known + [Double](repeating: .nan, count: epochs - known.count)
      }
      // Mostly padding, which compression removes almost entirely.
      try write(
        values, shape: cellShape + [epochs], variable, fill: .nan, over: axes,
        storage: .chunked(rows: 1, compression: 4))
    }
  }

  /// Writes whether each example of a fold was classified correctly.
  private func writeExamples(
    of cells: [RunResult.Outcome?], over axes: [HDF5Dataset]
  ) throws {
    let known = cells.map { $0?.measurement?.isCorrect ?? [] }
    // netCDF treats an axis of length zero as unlimited.
    let length = max(1, known.map(\.count).max() ?? 1)
    let scale = try root.write(
      Array(0..<length), shape: [length], to: ResultsFile.Dimension.testExample)
    try scale.makeScale(named: ResultsFile.Dimension.testExample)
    try Variable(scale.path, "example of the fold", ()).describe(scale)
    let values = known.flatMap { run in
      run.map { Int8($0 ? 1 : 0) } + [Int8](repeating: -1, count: length - run.count)
    }
    try write(
      values, shape: cellShape + [length], Variables.correct, fill: -1, over: axes + [scale],
      storage: .chunked(rows: 1, compression: 4))
  }

  private func write<T: HDF5Number, Value>(
    _ values: [T], shape: [Int], _ variable: Variable<Value>, fill: T, over axes: [HDF5Dataset],
    storage: HDF5Storage = .contiguous
  ) throws {
    let dataset = try root.write(
      values, shape: shape, to: variable.name, storage: storage, fill: fill)
    try dataset.attributes.write(fill, to: "_FillValue")
    try finish(dataset, variable, over: axes)
  }

  /// Describes a variable and names its axes.
  private func finish<Value>(
    _ dataset: HDF5Dataset, _ variable: Variable<Value>, over axes: [HDF5Dataset]
  ) throws {
    try variable.describe(dataset)
    for (axis, scale) in axes.enumerated() { try dataset.attachScale(scale, toAxis: axis) }
    if axes.count > 1 {
      try dataset.attributes.write(Variables.coordinates(of: plan), to: "coordinates")
    }
  }
}
