package import NeuralNetwork
package import Records
import Tensors

/// Verifies that frozen tensors, including moving statistics, did not change.
package enum FreezeAudit {
  /// Compares every tensor that must not change, bit by bit.
  ///
  /// - Parameters:
  ///   - frozenParameters: parameters of trainable layers that must not change.
  ///   - movingStatistics: batch normalizations whose statistics may move although their weights
  ///     are frozen.
  /// - Throws: `Failure` that names the tensors that differ.
  package static func verify(
    before: Network, after: Network, trainableLayers: Set<String>,
    frozenParameters: Set<ParameterName> = [], movingStatistics: Set<String> = []
  ) throws {
    let changed = before.graph.parameters
      .filter { name, specification in
        !(trainableLayers.contains(name.layer) && !frozenParameters.contains(name))
          && !(specification.kind == .statistic && movingStatistics.contains(name.layer))
      }
      .map(\.name)
      .filter { !isIdentical(before[$0].values, after[$0].values) }
    guard changed.isEmpty else {
      throw Failure(
        .failed, "the freeze audit failed",
        because: "frozen tensors changed: \(changed.map(\.description).joined(separator: ", "))",
        remedy: "This is a bug in tlbench; please report it with the command that you ran.")
    }
  }

  /// Verifies the network of a run and records which tensors were loaded, frozen and trained.
  ///
  /// - Parameters:
  ///   - pretrained: the network that the backbone was loaded from; `nil` for training from
  ///     scratch.
  ///   - outcome: the outcome of the run.
  /// - Throws: `Failure` that names the frozen tensors that changed.
  package static func record(
    pretrained: Network?, outcome: TrainingOutcome
  ) throws -> FreezeRecord {
    let start = outcome.start
    try verify(
      before: start, after: outcome.network, trainableLayers: outcome.trainedLayers,
      frozenParameters: outcome.frozenParameters, movingStatistics: outcome.movingStatistics)
    var record = FreezeRecord()
    var before = ContentDigest()
    var after = ContentDigest()
    for (name, specification) in start.graph.parameters {
      let moved =
        outcome.trainedLayers.contains(name.layer) && !outcome.frozenParameters.contains(name)
        || specification.kind == .statistic && outcome.movingStatistics.contains(name.layer)
      guard !moved else { continue }
      record.frozenTensors += 1
      before.update(name.description)
      before.update(start[name].values)
      after.update(name.description)
      after.update(outcome.network[name].values)
    }
    if record.frozenTensors > 0 {
      record.frozenDigestBefore = before.hexadecimal()
      record.frozenDigestAfter = after.hexadecimal()
    }
    for node in start.graph.nodes where node.group != .head {
      let names = node.parameters.map { ParameterName(layer: node.name, role: $0.role) }
      let loaded = names.filter { name in
        guard let value = pretrained?.parameters[name] else { return false }
        return isIdentical(value.values, start[name].values)
      }
      record.backboneTensors += names.count
      record.loadedTensors += loaded.count
      if !names.isEmpty, loaded.count == names.count { record.loadedLayers.append(node.name) }
    }
    record.rates = outcome.rates
    return record
  }

  /// The records of the networks of one ensemble as one record.
  ///
  /// Tensors are added up, the digests are those of all digests in order, the layers are those of
  /// the network that loaded most, and the rates are the largest.
  static func combined(_ records: [FreezeRecord]) -> FreezeRecord {
    guard records.count > 1 else { return records.first ?? FreezeRecord() }
    func digest(_ own: KeyPath<FreezeRecord, String>) -> String {
      var digest = ContentDigest()
      for record in records { digest.update(record[keyPath: own]) }
      return digest.hexadecimal()
    }
    var combined = FreezeRecord()
    for record in records {
      combined.frozenTensors += record.frozenTensors
      combined.loadedTensors += record.loadedTensors
      combined.backboneTensors += record.backboneTensors
      if record.loadedLayers.count > combined.loadedLayers.count {
        combined.loadedLayers = record.loadedLayers
      }
      for group in LayerGroup.allCases {
        combined.rates[group] = max(combined.rates[group], record.rates[group])
      }
    }
    if combined.frozenTensors > 0 {
      combined.frozenDigestBefore = digest(\.frozenDigestBefore)
      combined.frozenDigestAfter = digest(\.frozenDigestAfter)
    }
    return combined
  }

  /// Whether two arrays have the same bits: a NaN equals itself, and zeros of different sign
  /// differ.
  private static func isIdentical(_ left: [Float], _ right: [Float]) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { $0.bitPattern == $1.bitPattern }
  }
}
