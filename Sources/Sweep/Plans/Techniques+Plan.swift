import Records

extension Techniques: PlanObject {
  static var fields: [PlanField<Techniques>] {
    [
      PlanField("head", \.head), PlanField("head_first", \.headFirst),
      PlanField("converged_head", \.convergedHead),
      PlanField("gradual_unfreezing", \.gradualUnfreezing),
      PlanField("layerwise_decay", \.layerwiseDecay), PlanField("rate_factor", \.rateFactor),
      PlanField("rate_factors", \.rateFactors), PlanField("weight_decay", \.weightDecay),
      PlanField("starting_point_penalty", \.startingPointPenalty),
      PlanField("label_smoothing", \.labelSmoothing), PlanField("clipping_norm", \.clippingNorm),
      PlanField("batch_norm", \.batchNorm), PlanField("augmentation", \.augmentation),
      PlanField("early_stopping", \.earlyStopping),
    ]
  }
}

extension HeadDesign: DefaultedPlanObject {
  static let defaults = HeadDesign()
  static var fields: [PlanField<HeadDesign>] {
    [
      PlanField("pooling", \.pooling), PlanField("hidden_units", \.hiddenUnits),
      PlanField("dropout", \.dropout),
    ]
  }
}

extension Augmentation: DefaultedPlanObject {
  static let defaults = Augmentation()
  static var fields: [PlanField<Augmentation>] {
    [
      PlanField("shift", \.shift), PlanField("flip", \.flip), PlanField("rotation", \.rotation),
      PlanField("noise", \.noise), PlanField("cutout", \.cutout),
      PlanField("cached_views", \.cachedViews),
    ]
  }
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
