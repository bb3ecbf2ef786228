import Tensors
import Testing

/// The generator's raw bits and the draws that are derived from them.
struct CounterGeneratorTests {
  /// Known answers of Philox4x32-10, from the file kat_vectors of the Random123 library.
  @Test(
    arguments: [
      (
        [0, 0, 0, 0], [0, 0],
        [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
      ),
      (
        [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff], [0xffff_ffff, 0xffff_ffff],
        [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
      ),
      (
        [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
        [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
      ),
    ] as [([UInt32], [UInt32], [UInt32])])
  func knownAnswers(counter: [UInt32], key: [UInt32], expected: [UInt32]) {
    let block = CounterGenerator.block(counter: SIMD4(counter), key: (key[0], key[1]))
    #expect((0..<4).map { block[$0] } == expected)
  }

  /// The seed is the key, low word first; the counter is the position, then the stream.
  @Test func layoutOfCounterAndKey() {
    var generator = CounterGenerator(seed: 0x299f_31d0_a409_3822, stream: 0x0370_7344_1319_8a2e)
    let drawn = (0..<8).map { _ in generator.next32() }
    let expected = (0..<2).flatMap { position in
      let block = CounterGenerator.block(
        counter: SIMD4(UInt32(position), 0, 0x1319_8a2e, 0x0370_7344),
        key: (0xa409_3822, 0x299f_31d0))
      return (0..<4).map { block[$0] }
    }
    #expect(drawn == expected)
  }

  /// A 64-bit number is two 32-bit ones, the low half first.
  @Test func wideNumbers() {
    var generator = CounterGenerator(seed: 0)
    let wide: UInt64 = generator.next()
    #expect(wide == 0xe169_c58d_6627_e8d5)
  }

  /// The same seed and stream give the same numbers.
  @Test func repeatability() {
    #expect(draws(seed: 7, stream: 3) == draws(seed: 7, stream: 3))
  }

  /// Neighbouring streams and seeds share no number at any of 1,000 positions, as 32-bit chance has
  /// it: even one coincidence among 4,000 comparisons would have a probability of one in a million.
  @Test func independence() {
    let base = draws(seed: 7, stream: 3)
    for other in [
      draws(seed: 7, stream: 4), draws(seed: 7, stream: 3 + 1 << 32), draws(seed: 8, stream: 3),
      draws(seed: 7 + 1 << 32, stream: 3),
    ] {
      #expect(!zip(base, other).contains { $0 == $1 })
    }
  }

  /// Two streams of one seed are uncorrelated: within five standard deviations, 5/sqrt(20,000).
  @Test func correlation() {
    var (one, two) = (CounterGenerator(seed: 5, stream: 0), CounterGenerator(seed: 5, stream: 1))
    let count = 20_000
    let sum = (0..<count).reduce(0.0) { sum, _ in sum + Double(one.normal() * two.normal()) }
    #expect(abs(sum / Double(count)) < 5 / Double(count).squareRoot())
  }

  /// `uniform()` is the upper 24 bits as a fraction, and below 1 even for the largest of them.
  @Test func uniformBits() {
    var (raw, scaled) = (CounterGenerator(seed: 11), CounterGenerator(seed: 11))
    for _ in 0..<1000 {
      #expect(scaled.uniform() == Float(raw.next32() >> 8) / 16_777_216)
    }
    #expect(Float(UInt32.max >> 8) * 0x1p-24 < 1)
  }

  /// `uniform(in:)` keeps to its range and fills it.
  @Test func uniformRange() {
    var generator = CounterGenerator(seed: 2)
    let values = (0..<10_000).map { _ in generator.uniform(in: -3..<5) }
    #expect(values.allSatisfy { (-3..<5).contains($0) })
    #expect(values.contains { $0 < -2.9 } && values.contains { $0 > 4.9 })
    let mean = values.reduce(0) { $0 + Double($1) } / 10_000
    #expect(abs(mean - 1) < 5 * 8 / (12.0 * 10_000).squareRoot())
  }

  /// The first four moments of `normal()` are those of the standard normal distribution, within
  /// five standard deviations of their estimates.
  @Test func normalMoments() {
    var generator = CounterGenerator(seed: 99)
    let count = 200_000
    var sums = [0.0, 0.0, 0.0, 0.0]
    for _ in 0..<count {
      let value = Double(generator.normal())
      var power = 1.0
      for order in 0..<4 {
        power *= value
        sums[order] += power
      }
    }
    // Variances of x, x², x³ and x⁴: 1, 2, 15 and 96.
    for (order, (mean, variance)) in [(0.0, 1.0), (1, 2), (0, 15), (3, 96)].enumerated() {
      let tolerance = 5 * (variance / Double(count)).squareRoot()
      #expect(abs(sums[order] / Double(count) - mean) < tolerance, "moment \(order + 1)")
    }
  }

  /// Normal numbers lie where Box and Muller's formula puts the first two uniform ones.
  @Test func normalByHand() {
    var (generator, uniforms) = (CounterGenerator(seed: 3), CounterGenerator(seed: 3))
    let (u, v) = (Double(uniforms.uniform()), Double(uniforms.uniform()))
    let (x, y) = (Double(generator.normal()), Double(generator.normal()))
    #expect(abs(x * x + y * y + 2 * logarithm(1 - u)) < 1e-5)
    #expect(abs(y / x - tangent(2 * .pi * v)) < 1e-4 * abs(y / x))
  }

  /// Indices lie below their bound, every one of them turns up, and none is preferred.
  @Test(arguments: [1, 2, 3, 7, 10, 100])
  func indices(bound: Int) {
    var generator = CounterGenerator(seed: UInt64(bound))
    var counts = [Int](repeating: 0, count: bound)
    let draws = 1000 * bound
    for _ in 0..<draws {
      let index = generator.index(below: bound)
      guard counts.indices.contains(index) else {
        Issue.record("\(index) is not below \(bound)")
        return
      }
      counts[index] += 1
    }
    // Each count is binomial with mean 1,000 and a standard deviation below 32.
    #expect(counts.allSatisfy { abs($0 - 1000) < 160 })
  }

  /// The largest bound is allowed, and an index may exceed half of it.
  @Test func largestBound() {
    var generator = CounterGenerator(seed: 1)
    let bound = Int(UInt32.max)
    let indices = (0..<100).map { _ in generator.index(below: bound) }
    #expect(indices.allSatisfy { (0..<bound).contains($0) })
    #expect(indices.contains { $0 > bound / 2 } && indices.contains { $0 < bound / 2 })
  }

  /// A shuffled array has the same elements in another order.
  @Test(arguments: [2, 3, 100, 10_000])
  func shuffling(count: Int) {
    var generator = CounterGenerator(seed: 4)
    let ordered = Array(0..<count)
    let shuffles = (0..<8).map { _ in
      var array = ordered
      generator.shuffle(&array)
      return array
    }
    #expect(shuffles.allSatisfy { $0.sorted() == ordered })
    #expect(Set(shuffles).count > 1)
  }

  /// Arrays of no and one element stay as they are and cost no draw.
  @Test func shufflingNothing() {
    var (generator, untouched) = (CounterGenerator(seed: 4), CounterGenerator(seed: 4))
    var (none, one): ([Int], [Int]) = ([], [5])
    generator.shuffle(&none)
    generator.shuffle(&one)
    #expect(none == [] && one == [5])
    #expect(generator.next32() == untouched.next32())
  }

  /// All six orders of three elements are equally frequent.
  @Test func shufflingIsFair() {
    var generator = CounterGenerator(seed: 6)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<6000 {
      var array = [0, 1, 2]
      generator.shuffle(&array)
      counts[array, default: 0] += 1
    }
    #expect(counts.count == 6 && counts.values.allSatisfy { abs($0 - 1000) < 160 })
  }

  private func draws(seed: UInt64, stream: UInt64) -> [UInt32] {
    var generator = CounterGenerator(seed: seed, stream: stream)
    return (0..<1000).map { _ in generator.next32() }
  }
}
