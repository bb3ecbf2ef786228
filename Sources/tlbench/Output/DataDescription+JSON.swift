import Records
import Reports
import Results
import TaskData
import Tensors

extension TaskDataset {
  /// The description of a task for programs.
  var members: JSONObject {
    [
      "kind": .string("task"),
      "name": .string(name),
      "digest": .string(digest),
      "shape": train.shape.json,
      "train": .integer(train.count),
      "test": .integer(test.count),
      "class_count": .integer(train.classCount),
      "similarity": .metric(similarity),
      "generator": recipe == nil ? .null : .string("random-hierarchy"),
    ]
  }
}

extension LabeledDataset {
  /// The description of a labelled set for programs.
  var members: JSONObject {
    let counts = train.labels.reduce(into: [Int32: Int]()) { $0[$1, default: 0] += 1 }
    return [
      "kind": .string(tokens == nil ? "labelled images" : "labelled texts"),
      "name": .string(name),
      "digest": .string(digest),
      "shape": tokens == nil ? train.shape.json : .null,
      "train": .integer(train.count),
      "validation": .integer(validation?.count),
      "test": .integer(test?.count),
      "classes": .array(
        train.classNames.enumerated().map { label, name in
          .object(["name": .string(name), "train": .integer(counts[Int32(label)] ?? 0)])
        }),
      "notes": .array(notes.map { .string(OptionNames.applied(to: $0)) }),
      "tokens": tokens.map { .object($0.members) } ?? .null,
    ]
  }
}

extension TokenSummary {
  /// The lengths of texts, in tokens, for programs.
  fileprivate var members: JSONObject {
    [
      "longest": .integer(longest),
      "median": .integer(median),
      "mean": .metric(mean),
      "largest_id": .integer(largestID),
    ]
  }
}

extension SweepResults {
  /// The description of results for programs, without the results themselves.
  var members: JSONObject {
    let isImported = plan.isImported
    return [
      "kind": .string("results"),
      "digest": .string(ResultsFile.digest(of: self)),
      "imported": .boolean(isImported),
      "architecture": isImported ? .null : .string(plan.architecture),
      "family": .string(plan.family?.rawValue),
      "similarities": .array(plan.similarities.map { .string($0.label) }),
      "train_sizes": .array(plan.trainSizes.map { .integer($0) }),
      "strategies": .array(plan.arms.map { .string($0.name) }),
      "depths": .array(plan.depths.map { .integer($0) }),
      "replicates": .integer(plan.replicates),
      "folds": .integer(plan.folds),
      "ended": .integer(endedCount),
      "failed": .integer(failures.count),
      // A table rarely has every task at every size.
      "missing": .integer(isImported ? missingAtMeasuredPlaces : missingCount),
      "class_count": .integer(provenance.classCount),
      "shard": .string(provenance.shard?.description),
      "weights_digest": .string(plan.weightsDigest),
      "tlbench_version": .string(provenance.toolVersion),
      "command_line": .string(provenance.commandLine),
      "finished_at": .string(provenance.finishedAt),
      "wall_seconds": .number(provenance.wallSeconds),
      "budget_seconds": provenance.budgetSeconds.map { .number($0) } ?? .null,
      "jobs": .integer(provenance.jobs),
      "processor": .string(provenance.processor),
      "libraries": .array(provenance.libraries.map { .string($0) }),
      "instruction_set":
        provenance.instructionSet.isEmpty ? .null : .string(provenance.instructionSet),
    ]
  }
}

extension ImageShape {
  /// Height, width and channels.
  var json: JSONValue { .array([.integer(height), .integer(width), .integer(channels)]) }
}
