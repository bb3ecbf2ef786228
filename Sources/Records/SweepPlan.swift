/// Everything that decides which cells a sweep has and what their figures will be.
///
/// Two sweeps with equal plans, weights and tasks give the same bits, for any number of workers.
package struct SweepPlan: Sendable, Hashable, Codable {
  /// `simple`, `medium` or `deep`.
  package var architecture: String
  package var similarities: [Similarity]
  /// Numbers of labelled training examples, ascending.
  package var trainSizes: [Int]
  package var arms: [Arm]
  /// Numbers of backbone groups that are transferred, ascending from 0, of a sweep over the freeze
  /// depth; empty for a sweep without that axis.
  package var depths: [Int]
  /// How many target tasks are drawn per similarity; replicates are numbered from 0.
  package var replicates: Int
  /// What keeps cells of the grid out of the plan.
  package var limits: [PlanLimit]
  /// SHA-256 of the pretrained weights, in hexadecimal.
  package var weightsDigest: String
  /// Where the replicates are random splits of one set and not tasks of their own: the number of
  /// test examples per training example.
  package var splitRatio: Double?

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

  /// Lengths of the axes of cells, in storage order: similarity, size, arm, depth where there is
  /// such an axis, replicate.
  package var shape: [Int] {
    [similarities.count, trainSizes.count, arms.count] + (depths.isEmpty ? [] : [depths.count])
      + [replicates]
  }

  /// The keys of the planned cells in storage order.
  package var cellKeys: [CellKey] {
    limits.isEmpty ? gridKeys : gridKeys.filter(isPlanned)
  }

  /// The keys of the whole grid in storage order, those outside of a limit included.
  package var gridKeys: [CellKey] { (0..<gridCount).map(key) }

  /// How many places the grid has.
  package var gridCount: Int { shape.reduce(1, *) }

  /// How many cells are planned.
  package var cellCount: Int {
    let replicates = similarities.reduce(0) { sum, similarity in
      trainSizes.reduce(sum) { $0 + plannedReplicates(similarity: similarity, trainSize: $1) }
    }
    return replicates * arms.count * max(1, depths.count)
  }

  /// The key at a place of the grid, in storage order.
  package func key(at place: Int) -> CellKey {
    var rest = place
    func coordinate(_ count: Int) -> Int {
      defer { rest /= count }
      return rest % count
    }
    // The last axis runs fastest.
    let replicate = coordinate(replicates)
    let depth = depths.isEmpty ? nil : depths[coordinate(depths.count)]
    let arm = arms[coordinate(arms.count)]
    let size = trainSizes[coordinate(trainSizes.count)]
    return CellKey(
      similarity: similarities[rest], trainSize: size, arm: arm, depth: depth,
      replicate: replicate)
  }

  /// The place of a cell in the grid, in storage order; `nil` where the plan does not have it.
  package func place(of key: CellKey) -> Int? {
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

  /// How many replicates the cells of a similarity and a train size have, the first ones; 0 where
  /// limits keep all of them out of the plan.
  package func plannedReplicates(similarity: Similarity, trainSize: Int) -> Int {
    limits.reduce(replicates) {
      $1.replicates(similarity: similarity, trainSize: trainSize, of: $0)
    }
  }

  /// Whether no limit keeps a cell of the grid out of the plan.
  package func isPlanned(_ key: CellKey) -> Bool {
    key.replicate < plannedReplicates(similarity: key.similarity, trainSize: key.trainSize)
  }
}

extension SweepPlan {
  /// What stands for the architecture where the results are those of a published table.
  package static let importedArchitecture = "imported"

  /// Whether the results are those of a published table, of networks that nobody here trained.
  package var isImported: Bool { architecture == Self.importedArchitecture }
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
  }
}

/// The coordinates of one training run.
package struct CellKey: Sendable, Hashable, Codable {
  package let similarity: Similarity
  package let trainSize: Int
  package let arm: Arm
  /// Number of backbone groups that are transferred; `nil` where the arm alone decides.
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

extension CellKey: CustomStringConvertible {
  package var description: String {
    "\(similarity.label) n=\(trainSize) \(arm.name) \(depth.map { "depth \($0) " } ?? "")r\(replicate)"
  }
}
