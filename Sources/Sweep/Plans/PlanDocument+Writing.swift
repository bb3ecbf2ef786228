package import Foundation
package import Records

extension PlanDocument {
  /// The JSON text of a plan; ``read(_:file:in:)`` returns an equal plan, except for the digest of
  /// the weights.
  package static func text(of plan: SweepPlan) -> Data {
    var members: JSONObject = [
      Key.version: version.json,
      Key.architecture: .string(plan.architecture),
      Key.similarities: plan.similarities.json,
      Key.trainSizes: plan.trainSizes.json,
      Key.strategies: .array(plan.arms.map { json(of: $0, withDepths: !plan.depths.isEmpty) }),
      Key.replicates: plan.replicates.json,
    ]
    if !plan.depths.isEmpty { members[Key.depths] = plan.depths.json }
    if let family = plan.family { members[Key.family] = .string(family.rawValue) }
    if !plan.limits.isEmpty { members[Key.limits] = .array(plan.limits.map(json)) }
    return Data((JSONValue.object(members).text(.sorted) + "\n").utf8)
  }

  private static func json(of limit: PlanLimit) -> JSONValue {
    var members: JSONObject = [Key.aboveTrainSize: limit.aboveTrainSize.json]
    if let similarities = limit.similarities { members[Key.similarities] = similarities.json }
    if let replicates = limit.replicates { members[Key.replicates] = replicates.json }
    return .object(members)
  }

  /// The name of a known strategy, or an object with the differences from one.
  private static func json(of arm: Arm, withDepths: Bool) -> JSONValue {
    let known = Arm.known(withDepths: withDepths)
    guard !known.contains(arm) else { return .string(arm.name) }
    var members: JSONObject = [Key.name: .string(arm.name)]
    let sameKind = known.filter {
      $0.strategy == arm.strategy && $0.source == arm.source
        && $0.transferredGroups == arm.transferredGroups && $0.isEnsemble == arm.isEnsemble
    }
    // By construction every strategy is based on a known one.
    guard let base = sameKind.first(where: { $0.name == arm.name }) ?? sameKind.first else {
      return .object(members)
    }
    if base.name != arm.name { members[Key.basedOn] = .string(base.name) }
    if arm.frozenGroups != base.frozenGroups { members[Key.frozenGroups] = arm.frozenGroups.json }
    if let layer = arm.frozenBelow { members[Key.frozenBelow] = .string(layer) }
    if arm.learningRates != base.learningRates {
      members[Key.learningRates] = arm.learningRates.json(differingFrom: base.learningRates)
    }
    if arm.techniques != base.techniques {
      members[Key.techniques] = arm.techniques.json(differingFrom: base.techniques)
    }
    if arm.members != base.members {
      members[Key.members] = .array(arm.members.map { json(of: $0, withDepths: withDepths) })
    }
    return .object(members)
  }
}
