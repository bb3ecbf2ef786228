import HDF5
import NeuralNetwork
import Testing

/// Schedules against PyTorch's and against hand-computed values.
struct LearningRateScheduleTests {
  /// A hundred steps of each schedule, as PyTorch has them (layers.h5).
  @Test(
    arguments: [
      ("cosine", LearningRateSchedule.cosine()), ("cosine_warmup", .cosine(warmUp: 0.1)),
      ("one_cycle", .oneCycle()),
    ])
  func reference(name: String, schedule: LearningRateSchedule) throws {
    let group = try Fixture.open("layers.h5").group("schedules/\(name)")
    let peak = try group.attributes.readNumber("peak", as: Double.self)
    let rates = try group.floats("rates")
    #expect(rates.count == 100)
    for (step, rate) in rates.enumerated() {
      let found = peak * schedule.factor(step: step, of: 100)
      #expect(abs(found - Double(rate)) < 1e-7 * peak, "step \(step)")
    }
  }

  /// Without warm-up the rate is constant; with it, it rises in equal steps to the peak.
  @Test func constant() {
    let plain = (0..<10).map { LearningRateSchedule.constant().factor(step: $0, of: 10) }
    #expect(plain == [Double](repeating: 1, count: 10))
    let rising = LearningRateSchedule.constant(warmUp: 0.4)
    let warmed = (0..<10).map { rising.factor(step: $0, of: 10) }
    #expect(warmed == [0.25, 0.5, 0.75, 1, 1, 1, 1, 1, 1, 1])
  }

  /// The highest factor of a run is the peak itself, also where the shares are no whole steps.
  @Test(
    arguments: [
      LearningRateSchedule.constant(warmUp: 0.15), .cosine(), .cosine(warmUp: 0.2), .oneCycle(),
    ], [20, 40, 100])
  func peak(schedule: LearningRateSchedule, total: Int) {
    let factors = (0..<total).map { schedule.factor(step: $0, of: total) }
    #expect(factors.allSatisfy { $0 >= 0 && $0 <= 1 })
    #expect(abs((factors.max() ?? 0) - 1) < 1e-2)
  }

  /// Runs of one and two steps have finite rates that are not negative.
  @Test(
    arguments: [
      LearningRateSchedule.constant(), .constant(warmUp: 0.3), .cosine(), .cosine(warmUp: 0.3),
      .oneCycle(), .oneCycle(warmUp: 0), .oneCycle(warmUp: 1), .cosine(warmUp: 1),
    ], [1, 2, 3])
  func shortRuns(schedule: LearningRateSchedule, total: Int) {
    for step in 0..<total {
      let factor = schedule.factor(step: step, of: total)
      #expect(factor.isFinite && factor >= 0 && factor <= 1)
    }
  }

  /// A rate that is held rises as in one cycle, falls to its level, and stays there.
  @Test func held() {
    let schedule = LearningRateSchedule.held(over: 0.25)
    let factors = (0..<100).map { schedule.factor(step: $0, of: 100) }
    #expect(abs(factors[0] - 0.04) < 1e-12 && abs(factors[29] - 1) < 1e-12)
    #expect(
      factors[..<30]
        == (0..<30).map { LearningRateSchedule.oneCycle().factor(step: $0, of: 100) }[...])
    // Half way from step 29 to step 75.
    #expect(abs(factors[52] - 0.75) < 1e-12)
    #expect(zip(factors[29...], factors[30...]).allSatisfy { $0 >= $1 })
    #expect(factors[75...].allSatisfy { abs($0 - 0.5) < 1e-12 })
    let always = LearningRateSchedule.held(over: 1)
    #expect((0..<10).allSatisfy { abs(always.factor(step: $0, of: 10) - 0.5) < 1e-12 })
  }
}
