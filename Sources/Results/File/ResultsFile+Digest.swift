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
    // Many runs have the techniques of the same few strategies.
    var techniques: [Techniques: String] = [:]
    for key in results.plan.runKeys.sorted(by: inOrder) {
      let own = key.arm.techniques
      let text = techniques[own] ?? (try? CanonicalJSON.encode(own)) ?? ""
      techniques[own] = text
      digest.update(key, techniques: text)
      switch results[key]?.outcome {
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

  /// Whether one key comes before another, independently of the order of the axes of a plan.
  private static func inOrder(_ left: RunKey, _ right: RunKey) -> Bool {
    guard left.similarity == right.similarity else {
      return order(left.similarity) < order(right.similarity)
    }
    return (left.trainSize, left.arm.name, left.depth ?? -1, left.replicate)
      < (right.trainSize, right.arm.name, right.depth ?? -1, right.replicate)
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
