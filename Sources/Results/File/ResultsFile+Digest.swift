package import Records

extension ResultsFile {
  /// A SHA-256 over the keys of the runs and all metrics that do not depend on time, in the order
  /// of keys, as 64 hexadecimal digits.
  ///
  /// Two sweeps over the same runs agree in every bit exactly if their digests are equal. From the
  /// provenance only the digests of the weights and tasks are included. A failed run contributes
  /// only that it failed, since its reason may contain file names.
  package static func digest(of results: SweepResults) -> String {
    var digest = ContentDigest()
    digest.update(results.plan.architecture)
    digest.update(results.plan.weightsDigest)
    let tasks = results.provenance.taskDigests.sorted { $0.key < $1.key }
    digest.update(tasks.count)
    for (name, task) in tasks {
      digest.update(name)
      digest.update(task)
    }
    let plan = results.plan
    // Many runs have the techniques of the same few strategies.
    let techniques = plan.arms.map { (try? CanonicalJSON.encode($0.techniques)) ?? "" }
    let runsPerArm = plan.shape.dropFirst(3).reduce(1, *)
    for place in placesInOrder(of: plan) {
      digest.update(
        plan.key(at: place), techniques: techniques[place / runsPerArm % plan.arms.count])
      switch results.outcomes[place] {
      case nil: digest.update(CellStatus.missing.rawValue)
      case .failed: digest.update(CellStatus.failed.rawValue)
      case .completed(let measurement):
        digest.update(CellStatus.completed.rawValue)
        digest.update(measurement)
      }
    }
    return digest.hexadecimal()
  }

  /// A SHA-256 over the metrics of one run that do not depend on time.
  static func digest(of measurement: Measurement) -> String {
    var digest = ContentDigest()
    digest.update(measurement)
    return digest.hexadecimal()
  }

  /// The planned runs of the grid, in an order that does not depend on that of a plan's axes.
  private static func placesInOrder(of plan: SweepPlan) -> [Int] {
    var axes = [
      ranks(plan.similarities) { order($0) < order($1) }, ranks(plan.trainSizes, by: <),
      ranks(plan.arms.map(\.name), by: <),
    ]
    if !plan.depths.isEmpty { axes.append(ranks(plan.depths, by: <)) }
    axes.append(Array(0..<plan.replicates))
    let places = (0..<plan.gridCount).filter(plan.isPlanned(at:)).map { place in
      var (rank, unit, rest) = (0, 1, place)
      for ranks in axes.reversed() {
        rank += unit * ranks[rest % ranks.count]
        unit *= ranks.count
        rest /= ranks.count
      }
      return (rank: rank, place: place)
    }
    return places.sorted { ($0.rank, $0.place) < ($1.rank, $1.place) }.map(\.place)
  }

  /// The position of every value in ascending order, the same for equal ones.
  private static func ranks<Value>(
    _ values: [Value], by isBefore: (Value, Value) -> Bool
  ) -> [Int] {
    var ranks = Array(repeating: 0, count: values.count)
    let sorted = values.indices.sorted { isBefore(values[$0], values[$1]) }
    for (before, index) in zip(sorted, sorted.dropFirst()) {
      ranks[index] = ranks[before] + (isBefore(values[before], values[index]) ? 1 : 0)
    }
    return ranks
  }

  /// The sort key of a similarity: tasks of unknown similarity come last, by name.
  private static func order(_ similarity: Similarity) -> (Double, String) {
    (similarity.value ?? .infinity, similarity.label)
  }
}

extension ContentDigest {
  /// - Parameter techniques: Those of the key, as canonical JSON.
  fileprivate mutating func update(_ key: RunKey, techniques: String) {
    update(key.similarity.label)
    update(key.similarity.value ?? .nan)
    if let shift = key.similarity.shift { update(shift.rawValue) }
    update(key.trainSize)
    update(key.arm.name)
    update(key.arm.strategy.rawValue)
    update(key.arm.frozenGroups.map(\.rawValue).joined(separator: " "))
    for group in LayerGroup.allCases { update(key.arm.learningRates[group]) }
    update(key.arm.transferredGroups.map(\.rawValue).joined(separator: " "))
    update(key.arm.source.rawValue)
    update(key.depth ?? -1)
    update(techniques)
    if key.arm.isEnsemble { update((try? CanonicalJSON.encode(key.arm.members)) ?? "") }
    update(key.replicate)
  }

  fileprivate mutating func update(_ measurement: Measurement) {
    update(measurement.accuracy)
    update(measurement.logLoss)
    update(measurement.trainAccuracy)
    update(measurement.flops)
    update(measurement.peakBytes)
    update(measurement.trainableParameters)
    update(measurement.totalParameters)
    update(measurement.epochs)
    update(measurement.history.count)
    for epoch in measurement.history {
      update(epoch.loss)
      update(epoch.accuracy)
      update(epoch.learningRate)
      update(epoch.validationLoss ?? .nan)
      update(epoch.validationAccuracy ?? .nan)
    }
    let audit = measurement.audit
    update(audit.frozenTensors)
    update(audit.frozenDigestBefore)
    update(audit.frozenDigestAfter)
    update(audit.loadedTensors)
    update(audit.backboneTensors)
    for group in LayerGroup.allCases { update(audit.rates[group]) }
  }
}
