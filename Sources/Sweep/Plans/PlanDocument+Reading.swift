package import Foundation
package import Records

extension PlanDocument {
  /// Reads a plan; sizes and depths are put in ascending order.
  ///
  /// - Parameters:
  ///   - bytes: the JSON text.
  ///   - file: what to call it in errors.
  /// - Throws: `Failure` of kind `badData` that names the place in the text and what to write there.
  package static func read(
    _ bytes: Data, file: String, in surroundings: Surroundings
  ) throws -> SweepPlan {
    let cursor = try PlanCursor(file: file, bytes: bytes)
    // First of all: another version may have other keys.
    if case .object(let members) = cursor.value, let version = members[Key.version],
      version != .number(Double(Self.version))
    {
      throw cursor.failure(
        "it has version \(version.kind), but this tool reads version \(Self.version)",
        remedy: "Use the version of tlbench that it was written for.")
    }
    let members = try cursor.members(known: Key.all)
    _ = try cursor.required(Key.version, in: members)
    func member(_ key: String) throws -> PlanCursor { try cursor.required(key, in: members) }

    let architecture = try self.architecture(member(Key.architecture), in: surroundings)
    let similarities = try member(Key.similarities).distinct(
      "a list such as [\"low\", 0.5, \"high\"]", Similarity.init)
    let sizes = try member(Key.trainSizes).distinct("a list such as [100, 1000]") {
      try trainSize($0, upTo: surroundings.largestTrainSize)
    }
    let depths =
      try members[Key.depths]?.distinct("a list such as [0, 1, 2, 3], or leave it out") {
        try $0.whole(in: 0...LayerGroup.backbone.count)
      } ?? []
    let arms = try self.arms(
      member(Key.arms), known: Arm.known(withDepths: !depths.isEmpty),
      layers: { try surroundings.layerNames(architecture) })
    let limits = try members[Key.limits]?.elements.map { try limit($0, among: similarities) } ?? []
    let plan = SweepPlan(
      architecture: architecture, similarities: similarities, trainSizes: sizes.sorted(),
      arms: arms, depths: depths.sorted(),
      replicates: try member(Key.replicates).whole(in: Self.replicates), limits: limits,
      weightsDigest: "")
    guard plan.hasCells else {
      throw members[Key.limits, default: cursor].failure(
        "they leave no cell", remedy: "Raise them, or add smaller train sizes.")
    }
    return plan
  }

  private static func trainSize(_ cursor: PlanCursor, upTo largest: Int) throws -> Int {
    let size = try cursor.whole(in: 1...(.max))
    guard size <= largest else {
      throw cursor.failure(
        "it is \(size), and tasks have \(largest) training examples",
        remedy: "Add --task-size \(size) for larger tasks, or give sizes up to \(largest).")
    }
    return size
  }

  private static func architecture(
    _ cursor: PlanCursor, in surroundings: Surroundings
  ) throws -> String {
    guard case .string(let name) = cursor.value, surroundings.architectures.contains(name) else {
      throw cursor.failure(
        expected: "one of \(surroundings.architectures.joined(separator: ", "))")
    }
    return name
  }

  private static func arms(
    _ cursor: PlanCursor, known: [Arm], layers: @escaping () throws -> [String]
  ) throws -> [Arm] {
    var names: Set<String> = []
    let elements = try cursor.elements
    guard !elements.isEmpty else {
      throw cursor.failure("it is empty", remedy: "Give at least one arm.")
    }
    return try elements.map { element in
      let arm = try ArmReader(known: known, layers: layers).arm(element)
      guard names.insert(arm.name).inserted else {
        throw element.failure(
          "the arm '\(arm.name)' is there already", remedy: "Give every arm a name of its own.")
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
          "the plan has no similarity '\(similarity.label)'",
          remedy: "Give one of \(similarities.map(\.label).joined(separator: ", ")).")
      }
      return similarity
    }
    limit.replicates = try members[Key.replicates]?.whole(in: replicates)
    guard limit.similarities != nil || limit.replicates != nil else {
      throw cursor.failure(
        "it limits nothing", remedy: "Add \(Key.replicates), \(Key.similarities) or both.")
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
