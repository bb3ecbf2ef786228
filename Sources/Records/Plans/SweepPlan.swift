/// Everything that decides which runs a sweep has and what their metrics will be.
///
/// Two sweeps with equal plans, weights and tasks give bit-identical results, for any number of
/// workers.
package struct SweepPlan: Sendable, Hashable, Codable {
  /// `simple`, `medium` or `deep`.
  package var architecture: String
  package var similarities: [Similarity]
  /// The numbers of labelled training examples, ascending.
  package var trainSizes: [Int]
  package var arms: [Arm]
  /// The freeze depths of the sweep: numbers of transferred backbone groups, ascending from 0;
  /// empty for a sweep without that axis.
  package var depths: [Int]
  /// How many target tasks there are per similarity; replicates are numbered from 0.
  package var replicates: Int
  /// The rules that exclude runs of the grid from the plan.
  package var limits: [PlanLimit]
  /// The SHA-256 of the pretrained weights, in hexadecimal.
  package var weightsDigest: String
  /// The number of test examples per training example, if the replicates are random splits of one
  /// set; `nil` if each replicate is its own task.
  package var splitRatio: Double?
  /// The number of folds if the replicates are folds of one set, each of which is left out of the
  /// trainings that are tested on it; `nil` otherwise.
  ///
  /// A plan without folds is encoded as in earlier versions.
  package var folds: Int?
  /// How the tasks' images are made; `nil` for the default family, and for tasks that are not
  /// synthetic.
  ///
  /// A plan without a family is encoded as in earlier versions.
  package var family: TaskFamily?
  /// The group of each task by the label of its similarity, such as `natural`; `nil` if the tasks
  /// have no groups.
  ///
  /// Only tasks of published tables have groups. They decide nothing about the runs, and a plan
  /// without them is encoded as in earlier versions.
  package var taskGroups: [String: String]?

  package init(
    architecture: String, similarities: [Similarity], trainSizes: [Int], arms: [Arm],
    depths: [Int] = [], replicates: Int, limits: [PlanLimit] = [], weightsDigest: String
  ) {
    self.limits = limits
    self.depths = depths
    self.architecture = architecture
    self.similarities = similarities
    self.trainSizes = trainSizes
    self.arms = arms
    self.replicates = replicates
    self.weightsDigest = weightsDigest
  }

  /// The lengths of the axes of the grid, in storage order: similarity, train size, strategy, depth
  /// (if the sweep has that axis), replicate.
  package var shape: [Int] {
    [similarities.count, trainSizes.count, arms.count] + (depths.isEmpty ? [] : [depths.count])
      + [replicates]
  }

  /// The keys of the planned runs in storage order.
  package var runKeys: [RunKey] {
    limits.isEmpty ? gridKeys : gridKeys.filter(isPlanned)
  }

  /// The keys of the whole grid in storage order, including runs that a limit excludes.
  package var gridKeys: [RunKey] { (0..<gridCount).map(key) }

  /// How many runs the grid has, including runs that a limit excludes.
  package var gridCount: Int { shape.reduce(1, *) }

  /// How many runs are planned.
  package var cellCount: Int {
    let replicates = similarities.reduce(0) { sum, similarity in
      trainSizes.reduce(sum) { $0 + plannedReplicates(similarity: similarity, trainSize: $1) }
    }
    return replicates * arms.count * max(1, depths.count)
  }

  /// The key at an index of the grid, in storage order.
  package func key(at place: Int) -> RunKey {
    var rest = place
    func coordinate(_ count: Int) -> Int {
      defer { rest /= count }
      return rest % count
    }
    // The last axis varies fastest.
    let replicate = coordinate(replicates)
    let depth = depths.isEmpty ? nil : depths[coordinate(depths.count)]
    let arm = arms[coordinate(arms.count)]
    let size = trainSizes[coordinate(trainSizes.count)]
    return RunKey(
      similarity: similarities[rest], trainSize: size, arm: arm, depth: depth,
      replicate: replicate)
  }

  /// The index of a run in the grid, in storage order; `nil` if the run is not planned.
  package func place(of key: RunKey) -> Int? {
    guard let similarity = similarities.firstIndex(of: key.similarity),
      let size = trainSizes.firstIndex(of: key.trainSize), let arm = arms.firstIndex(of: key.arm),
      key.replicate >= 0, isPlanned(key)
    else { return nil }
    var place = (similarity * trainSizes.count + size) * arms.count + arm
    if !depths.isEmpty {
      guard let depth = key.depth.flatMap(depths.firstIndex) else { return nil }
      place = place * depths.count + depth
    } else if key.depth != nil {
      return nil
    }
    return place * replicates + key.replicate
  }

  /// How many replicates are planned at a similarity and a train size, counted from the first; 0 if
  /// limits exclude all of them.
  package func plannedReplicates(similarity: Similarity, trainSize: Int) -> Int {
    limits.reduce(replicates) {
      $1.replicates(similarity: similarity, trainSize: trainSize, of: $0)
    }
  }

  /// Whether a run of the grid is planned: no limit excludes it.
  package func isPlanned(_ key: RunKey) -> Bool {
    key.replicate < plannedReplicates(similarity: key.similarity, trainSize: key.trainSize)
  }

  /// Whether the run at an index of the grid is planned.
  package func isPlanned(at place: Int) -> Bool { limits.isEmpty || isPlanned(key(at: place)) }
}

extension SweepPlan {
  /// The value of ``architecture`` for results that were imported from a published table.
  package static let importedArchitecture = "imported"

  /// Whether the results were imported from a published table, and not trained by tlbench.
  package var isImported: Bool { architecture == Self.importedArchitecture }

  /// Whether any task has a kind of shift.
  package var hasShifts: Bool { similarities.contains { $0.shift != nil } }
}

extension SweepPlan {
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      architecture: try values.decode(String.self, forKey: .architecture),
      similarities: try values.decode([Similarity].self, forKey: .similarities),
      trainSizes: try values.decode([Int].self, forKey: .trainSizes),
      arms: try values.decode([Arm].self, forKey: .arms),
      depths: try values.value(.depths, or: []),
      replicates: try values.decode(Int.self, forKey: .replicates),
      limits: try values.value(.limits, or: []),
      weightsDigest: try values.decode(String.self, forKey: .weightsDigest))
    splitRatio = try values.decodeIfPresent(Double.self, forKey: .splitRatio)
    folds = try values.decodeIfPresent(Int.self, forKey: .folds)
    family = try values.decodeIfPresent(TaskFamily.self, forKey: .family)
    taskGroups = try values.decodeIfPresent([String: String].self, forKey: .taskGroups)
  }
}

/// The coordinates of one run.
package struct RunKey: Sendable, Hashable, Codable {
  package let similarity: Similarity
  package let trainSize: Int
  package let arm: Arm
  /// The number of transferred backbone groups; `nil` if the strategy alone decides.
  package let depth: Int?
  package let replicate: Int

  package init(
    similarity: Similarity, trainSize: Int, arm: Arm, depth: Int? = nil, replicate: Int
  ) {
    self.depth = depth
    self.similarity = similarity
    self.trainSize = trainSize
    self.arm = arm
    self.replicate = replicate
  }
}

extension RunKey: CustomStringConvertible {
  package var description: String {
    "\(similarity.label) n=\(trainSize) \(arm.name) "
      + "\(depth.map { "depth \($0) " } ?? "")r\(replicate)"
  }
}
