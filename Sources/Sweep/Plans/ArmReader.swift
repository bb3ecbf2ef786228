import Foundation
import Records

/// Reads one strategy of a plan.
struct ArmReader {
  typealias Key = PlanDocument.Key

  let known: [Arm]
  /// The backbone layers of the plan's architecture.
  let layers: () throws -> [String]

  func arm(_ cursor: PlanCursor) throws -> Arm {
    if case .string = cursor.value { return try knownArm(cursor) }
    let members = try cursor.members(known: Key.ofArm)
    let nameCursor = try cursor.required(Key.name, in: members)
    let name = try name(nameCursor)
    let base = try knownArm(members[Key.basedOn] ?? nameCursor)
    guard !base.isEnsemble else {
      return try ensemble(
        name: members[Key.basedOn] == nil ? base.name : name, basedOn: base, members)
    }
    if let given = members[Key.members] {
      throw given.failure(
        "'\(base.name)' is not an ensemble",
        remedy: "Leave it out, or set '\(Key.basedOn)' to '\(Arm.ensembleTuned.name)'.")
    }
    var rates = base.learningRates
    try members[Key.learningRates].map { try readRates($0, &rates) }
    var arm = Arm(
      // Without a base, the name may be another name of a known strategy.
      name: members[Key.basedOn] == nil ? base.name : name, strategy: base.strategy,
      frozenGroups: try members[Key.frozenGroups].map(frozenGroups) ?? base.frozenGroups,
      learningRates: rates, techniques: base.techniques,
      transferredGroups: base.transferredGroups, source: base.source)
    arm.frozenBelow = try members[Key.frozenBelow].map(layer) ?? base.frozenBelow
    if let techniques = members[Key.techniques] {
      try arm.techniques.update(from: techniques)
      try check(arm.techniques, techniques)
    }
    return arm
  }

  /// Reads an ensemble, which has members and no settings of its own.
  private func ensemble(
    name: String, basedOn base: Arm, _ fields: [String: PlanCursor]
  ) throws -> Arm {
    if let setting = Key.ofSingleArm.lazy.compactMap({ fields[$0] }).first {
      throw setting.failure(
        "an ensemble has only the settings of its members",
        remedy: "Leave it out, or give it to strategies in '\(Key.members)'.")
    }
    var arm = Arm(
      name: name, strategy: base.strategy, frozenGroups: base.frozenGroups,
      learningRates: base.learningRates, techniques: base.techniques,
      transferredGroups: base.transferredGroups, source: base.source)
    arm.members = try fields[Key.members].map(ensembleMembers) ?? base.members
    return arm
  }

  private func ensembleMembers(_ cursor: PlanCursor) throws -> [Arm] {
    var names: Set<String> = []
    let arms = try cursor.elements.map { element in
      let arm = try self.arm(element)
      guard !arm.isEnsemble, names.insert(arm.name).inserted else {
        throw element.failure(
          arm.isEnsemble
            ? "'\(arm.name)' is an ensemble itself" : "the member '\(arm.name)' is given twice",
          remedy: "Give strategies with different names that are not ensembles.")
      }
      return arm
    }
    guard arms.count > 1 else {
      throw cursor.failure(
        "it has fewer than two members", remedy: "Give at least two strategies.")
    }
    return arms
  }

  private func knownArm(_ cursor: PlanCursor) throws -> Arm {
    let names = known.acceptedNames.joined(separator: ", ")
    guard let arm = cursor.value.string.flatMap(known.named) else {
      throw cursor.failure(
        "\(cursor.value.kind) is not a known strategy",
        remedy: "Known strategies: \(names). A new name needs '\(Key.basedOn)' with one of them.")
    }
    return arm
  }

  /// Reads the name of a strategy, which appears in options and tables.
  private func name(_ cursor: PlanCursor) throws -> String {
    let name = try cursor.string
    let isWord = name.unicodeScalars.allSatisfy {
      CharacterSet.alphanumerics.contains($0) || "-+._".unicodeScalars.contains($0)
    }
    guard !name.isEmpty, name.count <= 64, isWord else {
      throw cursor.failure(expected: "up to 64 letters, digits, '-', '+', '.' and '_'")
    }
    return name
  }

  private func frozenGroups(_ cursor: PlanCursor) throws -> [LayerGroup] {
    let groups = try cursor.elements.map { element in
      let group = try LayerGroup(element)
      guard group != .head else {
        throw element.failure("the head is new and cannot be frozen", remedy: "Leave it out.")
      }
      return group
    }
    return LayerGroup.backbone.filter(groups.contains)
  }

  private func layer(_ cursor: PlanCursor) throws -> String {
    let layers = try layers()
    guard case .string(let name) = cursor.value, layers.contains(name) else {
      throw cursor.failure(expected: "one of the layers \(layers.joined(separator: ", "))")
    }
    return name
  }

  private func readRates(_ cursor: PlanCursor, _ rates: inout LearningRates) throws {
    try rates.update(from: cursor)
    for group in LayerGroup.allCases where !(rates[group] > 0 && rates[group].isFinite) {
      throw cursor.failure(
        "the rate '\(group.rawValue)' is \(rates[group].json)",
        remedy: "Give rates above 0.")
    }
  }

  private func check(_ techniques: Techniques, _ cursor: PlanCursor) throws {
    guard let invalid = techniques.firstInvalid(imageHeight: nil, width: nil) else { return }
    throw cursor.failure(
      "it is \(invalid.value)", at: invalid.planPath, remedy: "Give \(invalid.expected).")
  }
}

extension InvalidTechnique {
  /// The option as it is spelled in plans, such as `early_stopping/patience`.
  fileprivate var planPath: String {
    PropertyName.words(option, joinedBy: "_").replacing(".", with: "/")
  }
}
