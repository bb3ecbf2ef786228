package import Records

extension ResultsMatrix {
  /// Joins several results of one network by place, such as those of a sweep and of a later one
  /// that measured more.
  ///
  /// A replicate that occurs in several results must have the same accuracy in all of them.
  ///
  /// - Parameter files: The names of the files, for errors, and their results; at least one.
  /// - Throws: ``Failure`` of kind `badData` if the results are of different networks, tasks or
  ///   settings, if they disagree, or if one of them alone is not valid.
  package init(joining files: [(file: String, results: SweepResults)]) throws(Failure) {
    guard let first = files.first else {
      throw Failure(
        .usage, Self.joining, because: "there are none", remedy: "Give at least one file.")
    }
    let parts = try files.map { file throws(Failure) in try ResultsMatrix(file.results) }
    guard files.count > 1 else {
      self = parts[0]
      return
    }
    for other in files.dropFirst() { try Self.check(other, joins: first) }
    var arms: [Arm] = []
    for (file, part) in zip(files, parts) {
      for arm in part.arms where !arms.contains(arm) {
        guard !arms.contains(where: { $0.name == arm.name }) else {
          throw Self.conflict(
            file.file, first.file, "the strategy \(arm.name) has other settings",
            "Rename it in the plan.")
        }
        arms.append(arm)
      }
    }
    var places: [MatrixPlace] = []
    for cell in parts.flatMap(\.cells) where !places.contains(cell.place) {
      places.append(cell.place)
    }
    let classCount = parts.compactMap(\.classCount).first
    let cells = try places.map { place throws(Failure) in
      MatrixCell(
        place: place,
        arms: ArmSummary.all(
          arms,
          outcomes: try arms.map { arm throws(Failure) in
            try Self.cells(of: arm, at: place, in: files).map { $0?.outcome }
          }, replication: parts[0].replication, isOverFolds: first.results.plan.folds != nil),
        chance: Provenance.chance(among: classCount))
    }
    self.init(
      arms: arms, cells: cells, replicates: parts.map(\.replicates).max() ?? 0,
      classCount: classCount, pairing: parts[0].pairing)
  }

  private static let joining = "cannot join the results"

  /// Checks that two results are of one network, of the same tasks, and replicated in the same way.
  private static func check(
    _ other: (file: String, results: SweepResults),
    joins first: (file: String, results: SweepResults)
  ) throws(Failure) {
    let (here, there) = (other.results, first.results)
    func refuse(_ reason: String, _ remedy: String) -> Failure {
      conflict(other.file, first.file, reason, remedy)
    }
    guard here.plan.architecture == there.plan.architecture else {
      throw refuse(
        "they are of different networks: \(there.plan.architecture) and \(here.plan.architecture)",
        "Ask with one of them at a time.")
    }
    guard here.plan.family == there.plan.family else {
      throw refuse("their tasks are of different families", "Ask with one of them at a time.")
    }
    guard here.plan.isImported || here.plan.weightsDigest == there.plan.weightsDigest else {
      throw refuse(
        "they are of different pretrained weights",
        "Measure with the same `weights`, or ask with one of them at a time.")
    }
    guard here.plan.splitRatio == there.plan.splitRatio, here.plan.folds == there.plan.folds
    else {
      throw refuse(
        "their replicates differ in kind, or in the fraction of the set that they test on",
        "Measure with the same `testShare` or `folds`, or ask with one of them at a time.")
    }
    if let count = here.provenance.classCount, let known = there.provenance.classCount,
      count != known
    {
      throw refuse(
        "their tasks have \(known) and \(count) classes", "Ask with one of them at a time.")
    }
    let tasks = there.provenance.taskDigests
    for (task, digest) in here.provenance.taskDigests.sorted(by: { $0.key < $1.key }) {
      guard let known = tasks[task], known != digest else { continue }
      throw refuse(
        "the task \(task) differs (\(known.prefix(12)) there, \(digest.prefix(12)) here)",
        "Measure with the same `tasks`, `taskSize`, `taskSeed` and `noise`.")
    }
  }

  /// The replicates of a strategy at a place, each from the first file that completed it.
  private static func cells(
    of arm: Arm, at place: MatrixPlace, in files: [(file: String, results: SweepResults)]
  ) throws(Failure) -> [RunResult?] {
    var cells: [(file: String, cell: RunResult)?] = []
    for (file, results) in files {
      let count = results.plan.plannedReplicates(
        similarity: place.similarity, trainSize: place.trainSize)
      for replicate in 0..<count {
        let key = RunKey(
          similarity: place.similarity, trainSize: place.trainSize, arm: arm, replicate: replicate)
        if replicate >= cells.count { cells.append(nil) }
        guard let cell = results[key] else { continue }
        if let known = cells[replicate], let old = known.cell.measurement {
          guard let new = cell.measurement else { continue }
          guard old.accuracy == new.accuracy else {
            throw conflict(
              file, known.file,
              "both have the run \(key), with different accuracies (\(old.accuracy) there, "
                + "\(new.accuracy) here)", "Give only one of them.")
          }
        } else {
          cells[replicate] = (file, cell)
        }
      }
    }
    return cells.map { $0?.cell }
  }

  private static func conflict(
    _ file: String, _ other: String, _ reason: String, _ remedy: String
  ) -> Failure {
    Failure(.badData, joining, on: "\(file) with \(other)", because: reason, remedy: remedy)
  }
}
