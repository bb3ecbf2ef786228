import Analysis
import Records
import Testing

struct BaselineCheckTests {
  private static let baseline = SampleMatrix.results(
    sizes: [100, 1_000], similarities: [.low, .high], SampleMatrix.typical)

  /// The baseline with every completed run changed; `nil` removes one.
  private func changed(
    processor: String? = "a", architecture: String = "medium",
    _ change: (RunKey, inout Measurement) -> Bool
  ) -> SweepResults {
    var plan = Self.baseline.plan
    plan.architecture = architecture
    var provenance = Self.baseline.provenance
    provenance.processor = processor
    let cells = plan.runKeys.compactMap { key -> RunResult? in
      guard var measurement = Self.baseline[key]?.measurement, change(key, &measurement) else {
        return nil
      }
      return RunResult(key: key, outcome: .completed(measurement))
    }
    return SweepResults(plan: plan, provenance: provenance, cells: cells)
  }

  private func check(
    _ results: SweepResults, tolerances: Tolerances = .standard
  ) throws -> BaselineCheck {
    try BaselineCheck(results, baseline: Self.baseline, tolerances: tolerances)
  }

  /// Compared with itself nothing changes.
  @Test func itself() throws {
    let check = try check(Self.baseline)
    #expect(check.changes.isEmpty)
    #expect(!check.hasRegression)
    // 12 of a strategy at a place and 3 of a whole strategy, for each of 4 metrics.
    #expect(check.comparisonCount == 60)
  }

  /// A strategy that lost three points is named at every place, and no other is.
  @Test func worsened() throws {
    let check = try check(
      changed {
        if $0.arm == .fineTuning { $1.accuracy -= 0.03 }
        return true
      })
    #expect(check.hasRegression)
    let worse = check.changes.filter { $0.kind == .worse }
    #expect(worse.allSatisfy { $0.what == "accuracy" && $0.place.arm == "fine-tuning" })
    let cells = worse.filter { $0.place.trainSize != nil }
    #expect(
      Set(cells.map { "\($0.place.similarity?.label ?? "") \($0.place.trainSize ?? 0)" })
        == ["low 100", "low 1000", "high 100", "high 1000"])
    #expect(worse.count == 5)
    for change in cells {
      #expect(abs((change.after ?? 0) - (change.before ?? 0) + 0.03) < 1e-9)
    }
  }

  /// A loss within the tolerance passes, and fails with a stricter one.
  @Test func tolerance() throws {
    let results = changed {
      $1.accuracy -= 0.004
      return $0.replicate >= 0
    }
    #expect(try !check(results).hasRegression)
    var strict = Tolerances.standard
    strict.figures[.accuracy] = Tolerance(absolute: 0.003)
    #expect(try check(results, tolerances: strict).hasRegression)
  }

  /// Improvements are reported and do not fail the check.
  @Test func better() throws {
    let check = try check(
      changed {
        $1.flops *= 0.5
        return $0.replicate >= 0
      })
    #expect(!check.hasRegression)
    #expect(check.changes.allSatisfy { $0.kind == .better && $0.what == "flops" })
    #expect(!check.changes.isEmpty)
  }

  /// Growth of operations or memory by more than one percent fails, by less it does not.
  @Test(arguments: [
    (BaselineMetric.flops, 1.02, true), (.flops, 1.005, false), (.memory, 1.02, true),
    (.memory, 1.005, false),
  ])
  func growth(figure: BaselineMetric, factor: Double, fails: Bool) throws {
    let check = try check(
      changed {
        if figure == .flops {
          $1.flops *= factor
        } else {
          $1.peakBytes = Int(Double($1.peakBytes) * factor)
        }
        return $0.replicate >= 0
      })
    #expect(check.hasRegression == fails)
    #expect(check.changes.allSatisfy { $0.what == figure.rawValue })
  }

  /// Doubled times fail on the same machine, and are not compared on another one.
  @Test(arguments: [("a", true), ("b", false), (nil, false)] as [(String?, Bool)])
  func times(processor: String?, fails: Bool) throws {
    let check = try check(
      changed(processor: processor) {
        $1.cpuSeconds *= 2
        return $0.replicate >= 0
      })
    #expect(check.hasRegression == fails)
    #expect(check.notes.contains { $0.hasPrefix("Times were not compared") } == !fails)
  }

  /// Missing replicates and accuracies that are not numbers are reported.
  @Test func missing() throws {
    let check = try check(
      changed { key, measurement in
        if key.arm == .fromScratch, key.trainSize == 100, key.similarity == .low {
          if key.replicate == 0 { return false }
          if key.replicate == 1 { measurement.accuracy = .nan }
        }
        return true
      })
    let missing = check.changes.filter { $0.kind == .missing }
    #expect(
      missing.map(\.place) == [
        BaselinePlace(similarity: .low, trainSize: 100, arm: "from-scratch")
      ])
    #expect(missing.first?.before == 5 && missing.first?.after == 3)
    #expect(check.hasRegression)
  }

  /// A change from supported to refuted is a flip; a change to undecided is not.
  @Test func verdicts() throws {
    let check = try check(
      changed { key, measurement in
        // The rule advises feature extraction for few examples at high similarity.
        if key.similarity == .high, key.trainSize == 100, key.arm == .featureExtraction {
          measurement.accuracy = 0.2
        }
        return true
      })
    let flips = check.changes.filter { $0.kind == .flipped }
    #expect(flips.map(\.place.arm) == ["small-high"])
    #expect(flips.first?.verdicts == [.supported, .refuted])
  }

  /// With fewer than two pairs the replicates are compared as two samples.
  @Test func unpaired() throws {
    func results(_ replicates: Range<Int>, _ loss: Double) -> SweepResults {
      let cells = Self.baseline.plan.runKeys.compactMap { key -> RunResult? in
        guard replicates.contains(key.replicate), let old = Self.baseline[key]?.measurement else {
          return nil
        }
        return SampleMatrix.result(key, old.accuracy - loss)
      }
      return SweepResults(
        plan: Self.baseline.plan, provenance: Self.baseline.provenance, cells: cells)
    }
    let first = results(0..<3, 0)
    func worse(_ loss: Double) throws -> [BaselineChange] {
      try BaselineCheck(results(2..<5, loss), baseline: first).changes
        .filter { $0.kind == .worse && $0.what == "accuracy" }
    }
    #expect(try worse(0).isEmpty)
    #expect(try worse(0.2).contains { $0.place.trainSize != nil })
  }

  /// Results of another network, or without a common run, cannot be checked.
  @Test func refusals() throws {
    let other = changed(architecture: "deep") { _, _ in true }
    let none = changed { _, _ in false }
    #expect(throws: Failure.self) { try check(other) }
    #expect(throws: Failure.self) { try check(none) }
  }

  /// Repetitions that differ by chance alone fail in at most about the stated fraction of checks.
  @Test func falseAlarms() throws {
    var generator = SplitMix64(seed: 7)
    func repetition() -> SweepResults {
      changed { _, measurement in
        // The sum of twelve uniform numbers is nearly normal with a standard deviation of 1.
        let noise = (0..<12).reduce(-6.0) { sum, _ in
          sum + Double(generator.next(below: 1 << 30)) / Double(1 << 30)
        }
        measurement.accuracy += 0.03 * noise
        return true
      }
    }
    var tolerances = Tolerances.standard
    tolerances.falseAlarmRate = 0.05
    tolerances.figures[.accuracy] = Tolerance()
    let alarms = try (0..<200).count { _ in
      try BaselineCheck(repetition(), baseline: repetition(), tolerances: tolerances).changes
        .contains { $0.kind == .worse }
    }
    // Ten are expected at most; 20 would be three standard deviations more.
    #expect(alarms <= 20)
  }
}
