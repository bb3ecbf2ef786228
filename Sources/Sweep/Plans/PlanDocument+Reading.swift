package import Foundation
package import Records

extension PlanDocument {
  /// Reads a plan; train sizes and depths are sorted in ascending order.
  ///
  /// - Parameters:
  ///   - bytes: the JSON text.
  ///   - file: the name of the file for errors.
  /// - Throws: `Failure` of kind `badData` that names the position in the JSON and what to write
  ///   there.
  package static func read(
    _ bytes: Data, file: String, in context: Context
  ) throws -> SweepPlan {
    let cursor = try PlanCursor(file: file, bytes: bytes)
    // The version comes first: another version may have other keys.
    if let version = cursor.value.object?[Key.version], version.integer != Self.version {
      throw cursor.failure(
        "it has format version \(version.kind), but this program reads version \(Self.version)",
        remedy: "Use the version of tlbench that the plan was written for.")
    }
    var members = try cursor.members(known: Key.all, former: [Key.formerStrategies])
    members[Key.strategies] = members[Key.strategies] ?? members[Key.formerStrategies]
    _ = try cursor.required(Key.version, in: members)
    func member(_ key: String) throws -> PlanCursor { try cursor.required(key, in: members) }

    let architecture = try self.architecture(member(Key.architecture), in: context)
    let similarities = try member(Key.similarities).distinct(
      "a list such as [\"low\", 0.5, \"high\"]", Similarity.init)
    let sizes = try member(Key.trainSizes).distinct("a list such as [100, 1000]") {
      try trainSize($0, upTo: context.largestTrainSize)
    }
    let depths =
      try members[Key.depths]?.distinct("a list such as [0, 1, 2, 3], or leave it out") {
        try $0.whole(in: 0...LayerGroup.backbone.count)
      } ?? []
    let arms = try self.arms(
      member(Key.strategies), known: Arm.known(withDepths: !depths.isEmpty),
      layers: { try context.layerNames(architecture) })
    let limits = try members[Key.limits]?.elements.map { try limit($0, among: similarities) } ?? []
    var plan = SweepPlan(
      architecture: architecture, similarities: similarities, trainSizes: sizes.sorted(),
      arms: arms, depths: depths.sorted(),
      replicates: try member(Key.replicates).whole(in: Self.replicates), limits: limits,
      weightsDigest: "")
    plan.family = try members[Key.family].flatMap(family)
    guard plan.hasCells else {
      throw members[Key.limits, default: cursor].failure(
        "the limits leave no runs", remedy: "Raise them, or add smaller train sizes.")
    }
    return plan
  }

  private static func trainSize(_ cursor: PlanCursor, upTo largest: Int) throws -> Int {
    let size = try cursor.whole(in: 1...(.max))
    guard size <= largest else {
      throw cursor.failure(
        "it is \(size), but tasks have only \(largest) training examples",
        remedy: "Set `taskSize` to \(size) for larger tasks, or give sizes up to \(largest).")
    }
    return size
  }

  private static func architecture(
    _ cursor: PlanCursor, in context: Context
  ) throws -> String {
    guard case .string(let name) = cursor.value, context.architectures.contains(name) else {
      throw cursor.failure(
        expected: "one of \(context.architectures.joined(separator: ", "))")
    }
    return name
  }

  /// A family; `nil` for the default one.
  private static func family(_ cursor: PlanCursor) throws -> TaskFamily? {
    guard case .string(let name) = cursor.value, let family = TaskFamily(rawValue: name) else {
      throw cursor.failure(
        expected: "one of \(TaskFamily.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return family == .hierarchy ? nil : family
  }

  private static func arms(
    _ cursor: PlanCursor, known: [Arm], layers: @escaping () throws -> [String]
  ) throws -> [Arm] {
    var names: Set<String> = []
    let elements = try cursor.elements
    guard !elements.isEmpty else {
      throw cursor.failure("it is empty", remedy: "Give at least one strategy.")
    }
    return try elements.map { element in
      let arm = try ArmReader(known: known, layers: layers).arm(element)
      guard names.insert(arm.name).inserted else {
        throw element.failure(
          "the strategy '\(arm.name)' is given twice",
          remedy: "Give every strategy its own name.")
      }
      return arm
    }
  }

  private static func limit(
    _ cursor: PlanCursor, among similarities: [Similarity]
  ) throws -> PlanLimit {
    let members = try cursor.members(known: Key.ofLimit)
    var limit = PlanLimit(
      aboveTrainSize: try cursor.required(Key.aboveTrainSize, in: members).whole(in: 0...(.max)))
    limit.similarities = try members[Key.similarities]?.distinct("a list such as [\"high\"]") {
      let similarity = try Similarity($0)
      guard similarities.contains(similarity) else {
        throw $0.failure(
          "the similarity '\(similarity.label)' is not in the plan",
          remedy: "Give one of \(similarities.map(\.label).joined(separator: ", ")).")
      }
      return similarity
    }
    limit.replicates = try members[Key.replicates]?.whole(in: replicates)
    guard limit.similarities != nil || limit.replicates != nil else {
      throw cursor.failure(
        "it limits nothing", remedy: "Add '\(Key.replicates)', '\(Key.similarities)' or both.")
    }
    return limit
  }
}

extension SweepPlan {
  fileprivate var hasCells: Bool {
    similarities.contains { similarity in
      trainSizes.contains { plannedReplicates(similarity: similarity, trainSize: $0) > 0 }
    }
  }
}
