import Analysis
import Testing

@Suite struct SplitMix64Tests {
  /// The sequence for seed 1234567 is the usual check of implementations of SplitMix64.
  @Test func knownSequence() {
    var generator = SplitMix64(seed: 1_234_567)
    let values = (0..<5).map { _ in generator.next() }
    #expect(
      values == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ])
  }

  /// Bounded draws stay below the bound and reach every value about equally often.
  ///
  /// Of 60,000 draws from six values 10,000 are expected of each, with a standard deviation of 91.
  @Test func boundedDraws() {
    var generator = SplitMix64(seed: 9)
    var counts = [Int: Int]()
    for _ in 0..<60_000 { counts[generator.next(below: 6), default: 0] += 1 }
    #expect(counts.keys.sorted() == [0, 1, 2, 3, 4, 5])
    #expect(counts.values.allSatisfy { ($0 - 10_000).magnitude < 500 })
  }
}
