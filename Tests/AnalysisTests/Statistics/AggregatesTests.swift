import Analysis
import Testing

@Suite struct AggregatesTests {
  /// The interquartile mean of all runs is rliable's.
  @Test func interquartileMean() throws {
    let reference = try Reference.load().scores
    let value = Aggregates.interquartileMean(reference.scores.flatMap { $0 })
    #expect(isClose(value, reference.interquartileMean))
  }

  /// Its stratified interval agrees with rliable's 50,000 resamples within the noise of drawing.
  ///
  /// The interval is 0.053 wide, so that a quantile's standard error is about 0.0005.
  @Test func stratifiedInterval() throws {
    let reference = try Reference.load().scores
    let interval = StratifiedBootstrap.interval(reference.scores, seed: 1) {
      Aggregates.interquartileMean($0.flatMap { $0 })
    }
    #expect(isClose(interval?.lower, reference.iqmInterval[0], within: 0.003))
    #expect(isClose(interval?.upper, reference.iqmInterval[1], within: 0.003))
  }

  /// A resample keeps the runs of every task: without spread inside tasks there is no width.
  @Test func strataStayWhole() {
    let interval = StratifiedBootstrap.interval([[1, 1, 1], [5, 5]], seed: 1) {
      Statistics.mean($0.flatMap { $0 })
    }
    #expect(interval == ConfidenceInterval(lower: 2.6, upper: 2.6))
  }

  /// A task without runs has no interval.
  @Test func emptyTask() {
    #expect(StratifiedBootstrap.interval([[1, 2], []], seed: 1) { $0[0][0] } == nil)
  }

  /// Of 1, 2, 3, 10 the middle half is 2 and 3; of three values none is cut.
  @Test func interquartileMeanByHand() {
    #expect(Aggregates.interquartileMean([10, 1, 3, 2]) == 2.5)
    #expect(Aggregates.interquartileMean([1, 2, 6]) == 3)
    #expect(Aggregates.interquartileMean([]) == nil)
  }

  /// The optimality gap is rliable's.
  @Test func optimalityGap() throws {
    let reference = try Reference.load().scores
    let value = Aggregates.optimalityGap(reference.scores.flatMap { $0 }, target: 0.7)
    #expect(isClose(value, reference.optimalityGap))
  }

  /// The probability of improvement is rliable's.
  @Test func probabilityOfImprovement() throws {
    let reference = try Reference.load().scores
    let value = Aggregates.probabilityOfImprovement(reference.scores, over: reference.rivals)
    #expect(isClose(value, reference.probabilityOfImprovement))
  }

  /// Ties count half, and tasks without runs not at all: (1 + 0.5 + 0 + 0) / 4.
  @Test func improvementByHand() {
    let value = Aggregates.probabilityOfImprovement([[3, 1], []], over: [[2, 3], [1]])
    #expect(value == 1.5 / 4)
    #expect(Aggregates.probabilityOfImprovement([[]], over: [[1]]) == nil)
  }
}
