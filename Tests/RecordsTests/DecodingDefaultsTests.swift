import Foundation
import Records
import Testing

/// Results of earlier versions stay readable, whatever later versions add to plans.
struct DecodingDefaultsTests {
  private func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(text.utf8))
  }

  /// Techniques without any key are the plain protocol.
  @Test func techniques() throws {
    #expect(try decode(Techniques.self, "{}") == Techniques())
  }

  /// Existing keys are read, and missing ones take their defaults.
  @Test func partOfTechniques() throws {
    let techniques = try decode(
      Techniques.self,
      #"{"headFirst": 0.5, "head": {"hiddenUnits": 7}, "augmentation": {"shift": 2}}"#)
    var expected = Techniques()
    expected.headFirst = 0.5
    expected.head.hiddenUnits = 7
    expected.augmentation.shift = 2
    #expect(techniques == expected)
  }

  /// The text of the plain protocol, which is part of digests, is that in the results of the first
  /// version; a technique that was added later is in it only if it is not at its default.
  @Test func canonicalText() throws {
    let text = """
      {"augmentation":{"cachedViews":0,"cutout":0,"flip":false,"noise":0,"rotation":false,\
      "shift":0},"batchNorm":"frozen","convergedHead":false,"gradualUnfreezing":false,\
      "head":{"dropout":0},"headFirst":0.25,"labelSmoothing":0,"rateFactor":1,"rateFactors":[],\
      "weightDecay":0}
      """
    #expect(try CanonicalJSON.encode(Techniques()) == text)
    var solved = Techniques()
    solved.headStart = .solved
    let member = #""headFirst":0.25,"#
    #expect(
      try CanonicalJSON.encode(solved)
        == text.replacing(member, with: member + #""headStart":"solved","#))
    #expect(try decode(Techniques.self, CanonicalJSON.encode(solved)) == solved)
    let arms = [
      Arm.biasOnly, .batchNormOnly, .linearProbeMiddle, .autoRGN, .lowRank, .residualAdapters,
      .averaged, .halfTuned,
    ]
    for arm in arms {
      #expect(try decode(Arm.self, CanonicalJSON.encode(arm)) == arm)
    }
  }

  /// A plan needs only its axes.
  @Test func plan() throws {
    let rates = #"{"early": 1e-5, "middle": 1e-4, "late": 1e-4, "head": 1e-3}"#
    let plan = try decode(
      SweepPlan.self,
      """
      {"architecture": "medium", "similarities": [], "trainSizes": [10], "replicates": 2,
       "weightsDigest": "d", "arms": [{"name": "feature-extraction",
       "strategy": "feature-extraction", "frozenGroups": ["early", "middle", "late"],
       "learningRates": \(rates)}]}
      """)
    #expect(
      plan
        == SweepPlan(
          architecture: "medium", similarities: [], trainSizes: [10],
          arms: [.featureExtraction], replicates: 2, weightsDigest: "d"))
  }

  /// An encoded plan is decoded to an equal plan.
  @Test func roundTrip() throws {
    var arm = Arm.fineTuning.unfreezing("x", freezing: [.early], below: "block2_conv1")
    arm.techniques.head = HeadDesign(pooling: .flatten, hiddenUnits: 3, dropout: 0.25)
    arm.techniques.rateFactors = [1, 2]
    arm.techniques.earlyStopping = EarlyStopping(patience: 3)
    arm.techniques.augmentation.noise = 0.5
    let plan = SweepPlan(
      architecture: "deep", similarities: [.high], trainSizes: [10, 20], arms: [arm],
      depths: [0, 1], replicates: 2,
      limits: [PlanLimit(aboveTrainSize: 10, replicates: 1)], weightsDigest: "d")
    let data = try JSONEncoder().encode(plan)
    #expect(try JSONDecoder().decode(SweepPlan.self, from: data) == plan)
  }

  /// Only an ensemble has members in its text, and they are read again.
  @Test func members() throws {
    func text(_ arm: Arm) throws -> String {
      String(decoding: try JSONEncoder().encode(arm), as: UTF8.self)
    }
    #expect(try !text(.fineTuning).contains("members"))
    #expect(try decode(Arm.self, text(.ensembleTuned)) == .ensembleTuned)
    #expect(Arm.ensembleTuned.members == [.linearProbe, .fineTuningTuned, .fromScratchTuned])
  }

  /// A value of the wrong type is an error and not a default.
  @Test func wrongType() {
    #expect(throws: DecodingError.self) {
      try decode(Techniques.self, #"{"headFirst": "often"}"#)
    }
  }
}
