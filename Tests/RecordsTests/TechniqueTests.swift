import Foundation
import Records
import Testing

/// The table of techniques, which plans, options, errors and help read.
struct TechniqueTests {
  /// Techniques of which every property differs from its default.
  private static let changed: Techniques = {
    var techniques = Techniques()
    techniques.head = HeadDesign(after: .early, pooling: .maximum, hiddenUnits: 8, dropout: 0.5)
    techniques.headFirst = 0.5
    techniques.headStart = .solved
    techniques.convergedHead = true
    techniques.gradualUnfreezing = true
    techniques.trainedParameters = .biases
    techniques.lowRank = LowRankAdapters(rank: 2)
    techniques.residualAdapters = true
    techniques.gradientRates = true
    techniques.weightAveraging = 0.5
    techniques.trainedShare = 0.5
    techniques.layerwiseDecay = 0.5
    techniques.epochFactor = 2
    techniques.rateFactor = 2
    techniques.rateFactors = [1, 2]
    techniques.weightDecay = 0.1
    techniques.startingPointPenalty = PenaltyStrengths(pretrained: 1, new: 1)
    techniques.labelSmoothing = 0.1
    techniques.clippingNorm = 1
    techniques.batchNorm = .batch
    techniques.augmentation.shift = 1
    techniques.augmentation.flip = true
    techniques.augmentation.rotation = true
    techniques.augmentation.noise = 0.1
    techniques.augmentation.cutout = 1
    techniques.augmentation.cachedViews = 1
    techniques.earlyStopping = EarlyStopping(patience: 1)
    return techniques
  }()

  /// Every property that results store has one row.
  @Test func properties() throws {
    let data = try JSONEncoder().encode(Self.changed)
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    var names = Set(object.keys)
    for group in ["head", "augmentation"] {
      let members = try #require(object[group] as? [String: Any])
      names.formUnion(members.keys.map { "\(group).\($0)" })
    }
    #expect(Set(Technique.all.map(\.property)) == names)
    #expect(Technique.all.count == names.count)
  }

  /// A row finds the changes of its own property.
  @Test func changes() {
    for technique in Technique.all {
      #expect(technique.isChanged(Self.changed), "\(technique.property)")
      #expect(!technique.isChanged(Techniques()), "\(technique.property)")
    }
  }

  /// The names of options, which scripts use.
  @Test func options() {
    let names = [
      "head-after", "pooling", "hidden-units", "dropout", "head-first", "head-start",
      "converged-head", "gradual-unfreezing", "train-only", "lora", "residual-adapters",
      "layerwise-decay", "gradient-rates", "epoch-factor", "rate-factors", "weight-decay",
      "l2sp", "label-smoothing", "clip-norm", "batch-norm", "augment", "augment-views",
      "early-stopping", "average-weights", "trained-share",
    ]
    #expect(Technique.all.compactMap(\.option) == names)
    #expect(Technique.all.allSatisfy { ($0.option == nil) == $0.summary.isEmpty })
  }

  /// Names of properties are spelled with hyphens or underscores.
  @Test func words() {
    #expect(PropertyName.words("labelSmoothing", joinedBy: "-") == "label-smoothing")
    #expect(PropertyName.words("noise", joinedBy: "_") == "noise")
  }
}
