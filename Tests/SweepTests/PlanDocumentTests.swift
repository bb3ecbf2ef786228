import Foundation
import Records
import Sweep
import Testing

/// Plans as JSON.
struct PlanDocumentTests {
  private static let context = PlanDocument.Context(
    architectures: ["simple", "medium"], largestTrainSize: 10_000,
    layerNames: { _ in ["conv1", "conv2"] })

  private func read(_ text: String) throws -> SweepPlan {
    try PlanDocument.read(Data(text.utf8), file: "plan.json", in: Self.context)
  }

  private func failure(_ text: String) -> Failure? {
    do {
      _ = try read(text)
      return nil
    } catch {
      return error as? Failure
    }
  }

  /// A plan with every key; `edits` replaces parts of its text.
  private func text(_ edits: (String, String)...) -> String {
    let whole = """
      {"version": 1, "architecture": "simple", "similarities": ["low", 0.5, "high"],
       "train_sizes": [1000, 100], "replicates": 4,
       "strategies": ["linear-probe", {"name": "smooth", "based_on": "fine-tuning",
         "frozen_groups": ["middle", "early"], "frozen_below": "conv2",
         "learning_rates": {"early": 0.01},
         "techniques": {"label_smoothing": 0.1, "early_stopping": {"patience": 3}}}],
       "limits": [{"above_train_size": 100, "similarities": ["high"], "replicates": 2}]}
      """
    return edits.reduce(whole) { $0.replacing($1.0, with: $1.1) }
  }

  /// The plan has the values in the text, with sizes sorted.
  @Test func reading() throws {
    let plan = try read(text())
    #expect(plan.architecture == "simple")
    #expect(plan.similarities.map(\.value) == [0, 0.5, 1])
    #expect(plan.trainSizes == [100, 1000])
    #expect(plan.replicates == 4)
    #expect(
      plan.limits == [PlanLimit(aboveTrainSize: 100, similarities: [.high], replicates: 2)])
  }

  /// A strategy is given by a known name, or by its differences from a known one.
  @Test func arms() throws {
    let arms = try read(text()).arms
    #expect(arms[0] == .linearProbe)
    var techniques = Techniques()
    techniques.labelSmoothing = 0.1
    techniques.earlyStopping = EarlyStopping(patience: 3)
    var rates = LearningRates.discriminative
    rates.early = 0.01
    var smooth = Arm(
      name: "smooth", strategy: .fineTuning, frozenGroups: [.early, .middle],
      learningRates: rates, techniques: techniques)
    smooth.frozenBelow = "conv2"
    #expect(arms[1] == smooth)
  }

  /// Another name of a known strategy stands for it, alone and with changes.
  @Test func otherName() throws {
    let name = "\"feature-extraction-trained\""
    #expect(try read(text(("\"linear-probe\"", name))).arms[0] == .featureExtraction)
    let changed = "{\"name\": \(name), \"techniques\": {\"weight_decay\": 0.5}}"
    let arm = try read(text(("\"linear-probe\"", changed))).arms[0]
    #expect(arm.name == "feature-extraction" && arm.techniques.weightDecay == 0.5)
  }

  /// Plans of early versions call the strategies "arms".
  @Test func formerKey() throws {
    let former = text(("\"strategies\": [", "\"arms\": ["))
    #expect(former != text())
    #expect(try read(former) == read(text()))
  }

  /// A sweep over depths has the strategies for depths.
  @Test func depths() throws {
    let plan = try read(
      """
      {"version": 1, "architecture": "simple", "similarities": ["low"], "train_sizes": [100],
       "replicates": 1, "depths": [3, 0], "strategies": ["AnB", "BnB+"]}
      """)
    #expect(plan.depths == [0, 3])
    #expect(plan.arms == [.transferFrozen, .selfTuned])
  }

  /// A written plan is read as an equal plan.
  @Test func roundTrip() throws {
    var plan = try read(text())
    var changed = Arm.fineTuningAll
    changed.techniques.headFirst = 0
    changed.techniques.head = HeadDesign(hiddenUnits: 8, dropout: 0.5)
    changed.techniques.layerwiseDecay = 0.5
    changed.techniques.rateFactors = [0.5, 2]
    changed.techniques.startingPointPenalty = PenaltyStrengths(pretrained: 0.1, new: 0.01)
    changed.techniques.clippingNorm = 1
    changed.techniques.batchNorm = .adaptive
    changed.techniques.augmentation.shift = 2
    changed.techniques.augmentation.flip = true
    plan.arms += Arm.taught.dropLast(2) + [changed, .fineTuningAtOnce, .fromScratch]
    plan.arms.append(.fineTuning.unfreezing("late", freezing: [.early, .middle]))
    var solved = Arm.fineTuningAll.unfreezing("solved", freezing: [])
    solved.techniques.headStart = .solved
    plan.arms += [solved, .fineTuningTuned, .batchNormOnly, .biasOnly, .linearProbeEarly]
    plan.arms += [.autoRGN, .lowRank, .residualAdapters, .averaged, .halfTuned, .ensembleTuned]
    var pair = Arm(
      name: "pair", strategy: .fineTuning, frozenGroups: [], learningRates: .uniform(1e-3))
    pair.members = [.linearProbe, changed]
    plan.arms.append(pair)
    let written = PlanDocument.text(of: plan)
    #expect(try read(String(decoding: written, as: UTF8.self)) == plan)
  }

  /// A plan names the family of its tasks unless it is the default one.
  @Test func families() throws {
    let plan = try read(text(("\"version\"", "\"family\": \"shapes\", \"version\"")))
    #expect(plan.family == .shapes)
    #expect(try read(String(decoding: PlanDocument.text(of: plan), as: UTF8.self)) == plan)
    let same = try read(text(("\"version\"", "\"family\": \"hierarchy\", \"version\"")))
    #expect(try same == read(text()))
    let unknown = try #require(
      failure(text(("\"version\"", "\"family\": \"circles\", \"version\""))))
    #expect(unknown.description.contains("/family"))
    #expect(unknown.description.contains("hierarchy, shapes"))
  }

  /// An ensemble takes members, and no settings of its own; other strategies have no members.
  @Test(
    arguments: [
      (#""based_on": "ensemble-tuned", "members": ["linear-probe", "from-scratch"]"#, nil, ""),
      (#""based_on": "ensemble-tuned", "members": ["linear-probe"]"#, "members", "fewer than two"),
      (
        #""based_on": "ensemble-tuned", "members": ["from-scratch", "from-scratch"]"#, "members/1",
        "given twice"
      ),
      (
        #""based_on": "ensemble-tuned", "members": ["from-scratch", "ensemble-tuned"]"#,
        "members/1",
        "an ensemble itself"
      ),
      (
        #""based_on": "ensemble-tuned", "techniques": {"dropout": 0.1}"#, "techniques",
        "only the settings of its members"
      ),
      (#""based_on": "fine-tuning", "members": ["from-scratch"]"#, "members", "not an ensemble"),
    ] as [(String, String?, String)])
  func ensembles(fields: String, place: String?, reason: String) throws {
    func read() throws -> SweepPlan {
      try self.read(
        #"{"version": 1, "architecture": "simple", "similarities": ["low"], "train_sizes": [100], "#
          + #""replicates": 1, "strategies": [{"name": "two", \#(fields)}]}"#)
    }
    guard let place else {
      let members = try read().arms.map(\.members)
      #expect(members == [[.linearProbe, .fromScratch]])
      return
    }
    let failure = try #require(throws: Failure.self) { try read() }
    #expect(failure.description.contains("/strategies/0/\(place)"))
    #expect(failure.description.contains(reason))
  }

  /// The text of a plan has the layout of the files that earlier versions wrote.
  @Test func layout() throws {
    let plan = try read(
      """
      {"version": 1, "architecture": "simple", "similarities": ["low", 0.5], "train_sizes": [100],
       "replicates": 2, "strategies": ["linear-probe", {"name": "fine-tuning", "frozen_groups": [],
         "techniques": {"label_smoothing": 0.1}}]}
      """)
    let written = """
      {
        "architecture" : "simple",
        "replicates" : 2,
        "similarities" : [
          "low",
          0.5
        ],
        "strategies" : [
          "linear-probe",
          {
            "frozen_groups" : [

            ],
            "name" : "fine-tuning",
            "techniques" : {
              "label_smoothing" : 0.1
            }
          }
        ],
        "train_sizes" : [
          100
        ],
        "version" : 1
      }

      """
    #expect(String(decoding: PlanDocument.text(of: plan), as: UTF8.self) == written)
  }

  /// A technique of a known strategy can be turned off.
  @Test func techniqueTakenBack() throws {
    var plan = try read(text())
    var arm = Arm.fineTuningAtOnce
    arm.techniques.headFirst = 0.5
    plan.arms = [arm]
    let written = PlanDocument.text(of: plan)
    #expect(try read(String(decoding: written, as: UTF8.self)).arms == [arm])
  }

  /// Errors have the position, the reason and the remedy.
  @Test(arguments: [
    ("\"version\": 1", "\"version\": 2", "plan.json", "version 2", "version of tlbench"),
    ("\"version\": 1,", "", "plan.json", "'version' is missing", "Add it"),
    ("\"limits\"", "\"limit\"", "plan.json", "'limit' is unknown", "limits"),
    ("\"simple\"", "\"vast\"", "plan.json:/architecture", "it is 'vast'", "simple, medium"),
    ("0.5,", "1.5,", "plan.json:/similarities/1", "it is 1.5", "0...1"),
    ("0.5,", "\"low\",", "plan.json:/similarities/1", "given twice", "once"),
    ("1000,", "10001,", "plan.json:/train_sizes/0", "tasks have only 10000", "`taskSize` to 10001"),
    ("1000,", "99.5,", "plan.json:/train_sizes/0", "it is 99.5", "a whole number"),
    ("[1000, 100]", "[]", "plan.json:/train_sizes", "it is empty", "[100, 1000]"),
    ("[1000, 100]", "100", "plan.json:/train_sizes", "it is 100", "a list"),
    ("\"replicates\": 4", "\"replicates\": true", "plan.json:/replicates", "true", "1...1000"),
    (
      "\"linear-probe\"", "\"probe\"", "plan.json:/strategies/0", "not a known strategy",
      "from-scratch"
    ),
    (
      "\"linear-probe\"", "\"AnB\"", "plan.json:/strategies/0", "not a known strategy",
      "fine-tuning"
    ),
    ("\"linear-probe\"", "7", "plan.json:/strategies/0", "it is 7", "based_on"),
    ("\"smooth\"", "\"linear-probe\"", "plan.json:/strategies/1", "is given twice", "own"),
    ("\"smooth\"", "\"a,b\"", "plan.json:/strategies/1/name", "'a,b'", "letters"),
    (
      "\"based_on\": \"fine-tuning\"", "\"based_on\": \"tuning\"",
      "plan.json:/strategies/1/based_on",
      "not a known strategy", "fine-tuning"
    ),
    ("\"conv2\"", "\"conv9\"", "plan.json:/strategies/1/frozen_below", "'conv9'", "conv1, conv2"),
    (
      "\"middle\"", "\"head\"", "plan.json:/strategies/1/frozen_groups/0", "cannot be frozen", "out"
    ),
    ("0.01", "0", "plan.json:/strategies/1/learning_rates", "'early' is 0", "above 0"),
    (
      "\"label_smoothing\": 0.1", "\"label_smoothing\": 1",
      "plan.json:/strategies/1/techniques/label_smoothing", "it is 1", "0.0..<1.0"
    ),
    (
      "\"label_smoothing\"", "\"smoothing\"", "plan.json:/strategies/1/techniques",
      "'smoothing' is unknown", "label_smoothing"
    ),
    (
      "\"patience\": 3", "\"patience\": 0",
      "plan.json:/strategies/1/techniques/early_stopping/patience", "it is 0", "1..."
    ),
    (
      "{\"patience\": 3}", "{}", "plan.json:/strategies/1/techniques/early_stopping",
      "'patience' is missing", "Add it"
    ),
    (
      "[\"high\"]", "[\"medium\"]", "plan.json:/limits/0/similarities/0",
      "'medium' is not in the plan", "low, 0.5, high"
    ),
    (
      ", \"similarities\": [\"high\"], \"replicates\": 2}", "}", "plan.json:/limits/0",
      "limits nothing", "replicates"
    ),
    ("\"above_train_size\": 100,", "", "plan.json:/limits/0", "'above_train_size'", "Add it"),
    (
      "\"label_smoothing\": 0.1", "\"head_start\": \"warm\"",
      "plan.json:/strategies/1/techniques/head_start", "it is 'warm'", "new, solved"
    ),
    (
      "\"label_smoothing\": 0.1", "\"head_start\": \"solved\", \"gradual_unfreezing\": true",
      "plan.json:/strategies/1/techniques/head_start", "it is solved", "new with a hidden layer"
    ),
  ])
  func refused(part: String, edit: String, place: String, reason: String, remedy: String) {
    let failure = failure(text((part, edit)))
    #expect(failure?.kind == .badData)
    #expect(failure?.subject == place)
    #expect(failure?.reason.contains(reason) == true, "\(failure?.reason ?? "none")")
    #expect(failure?.remedy?.contains(remedy) == true, "\(failure?.remedy ?? "none")")
  }

  /// The keys of techniques, all of which errors list.
  @Test(arguments: [
    (
      "{\"smoothing\": 1}",
      "head, head_first, head_start, converged_head, gradual_unfreezing, trained_parameters, "
        + "low_rank, residual_adapters, layerwise_decay, gradient_rates, epoch_factor, "
        + "rate_factor, rate_factors, weight_decay, starting_point_penalty, label_smoothing, "
        + "clipping_norm, batch_norm, augmentation, early_stopping, weight_averaging, "
        + "trained_share"
    ),
    ("{\"head\": {\"units\": 1}}", "after, pooling, hidden_units, dropout"),
    (
      "{\"augmentation\": {\"zoom\": 1}}", "shift, flip, rotation, noise, cutout, cached_views"
    ),
  ])
  func techniqueKeys(techniques: String, keys: String) {
    let former = "{\"label_smoothing\": 0.1, \"early_stopping\": {\"patience\": 3}}"
    #expect(failure(text((former, techniques)))?.remedy == "Known keys: \(keys).")
  }

  /// Limits that leave no runs are refused.
  @Test func nothingLeft() {
    let failure = failure(
      text(
        ("[\"low\", 0.5, \"high\"]", "[\"low\", \"high\"]"), ("[1000, 100]", "[1000]"),
        (
          "\"replicates\": 2}",
          "\"replicates\": 2}, "
            + "{\"above_train_size\": 0, \"similarities\": [\"low\"]}"
        )))
    #expect(failure?.subject == "plan.json:/limits")
  }

  /// Text that is not JSON is refused, with the syntax error and its position.
  @Test(arguments: [
    ("", "the text ends too early (line 1, column 1)"),
    ("{\"version\": 1", "a closing brace is missing (line 1, column 14)"),
    ("{\n \"version\" 1}", "a colon is missing (line 2, column 12)"),
    ("{\"version\": 1, \"version\": 1}", "'version' occurs twice (line 1, column 25)"),
    ("plan", "'plan' is not a value (line 1, column 1)"),
  ])
  func notJSON(text: String, reason: String) {
    let failure = failure(text)
    #expect(failure?.kind == .badData)
    #expect(failure?.subject == "plan.json")
    #expect(failure?.reason == "it is not JSON: \(reason)")
  }

  /// Other JSON is not a plan.
  @Test(arguments: ["[]", "1", "null", "\"plan\"", "{}"])
  func notAPlan(text: String) {
    #expect(failure(text)?.subject == "plan.json")
  }
}
