import Records

extension Techniques: PlanObject {}

extension HeadDesign: DefaultedPlanObject {
  static let defaults = HeadDesign()
}

extension Augmentation: DefaultedPlanObject {
  static let defaults = Augmentation()
}

extension LearningRates: PlanObject {
  static var fields: [PlanField<LearningRates>] {
    [
      PlanField("early", \.early), PlanField("middle", \.middle), PlanField("late", \.late),
      PlanField("head", \.head),
    ]
  }
}

extension EarlyStopping: PlanValue {
  init(_ cursor: PlanCursor) throws {
    let members = try cursor.members(known: ["patience"])
    self.init(patience: try Int(cursor.required("patience", in: members)))
  }

  var json: JSONValue { .object(["patience": patience.json]) }
}

extension PenaltyStrengths: PlanValue {
  init(_ cursor: PlanCursor) throws {
    let members = try cursor.members(known: ["pretrained", "new"])
    self.init(
      pretrained: try Double(cursor.required("pretrained", in: members)),
      new: try members["new"].map(Double.init) ?? 0)
  }

  var json: JSONValue { .object(["pretrained": pretrained.json, "new": new.json]) }
}

extension LowRankAdapters: PlanValue {
  init(_ cursor: PlanCursor) throws {
    let members = try cursor.members(known: ["rank", "alpha"])
    self.init(
      rank: try Int(cursor.required("rank", in: members)),
      alpha: try members["alpha"].map(Double.init))
  }

  var json: JSONValue { .object(["rank": rank.json, "alpha": alpha.json]) }
}
