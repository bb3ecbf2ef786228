import Foundation

/// A counter-based random generator: Philox4x32-10.
///
/// Every number is a function of seed, stream and position only, so that results do not depend on
/// the order in which threads draw. Source: Salmon, Moraes, Dror, Shaw, "Parallel Random Numbers:
/// As Easy as 1, 2, 3", SC 2011. The derived draws (``uniform()``, ``normal()``, ``index(below:)``,
/// ``shuffle(_:)``) are implemented here instead of by the standard library, whose algorithms may
/// change between versions.
package struct CounterGenerator: Sendable, RandomNumberGenerator {
  private let key: (UInt32, UInt32)
  private let stream: UInt64
  private var position: UInt64 = 0
  private var block: SIMD4<UInt32> = .zero
  private var used = 4
  private var spareNormal: Float?

  /// - Parameters:
  ///   - seed: the purpose of the sequence, such as a hash of the key of a run.
  ///   - stream: the number of an independent sequence for this seed, such as that of an epoch or
  ///     an example.
  package init(seed: UInt64, stream: UInt64 = 0) {
    key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    self.stream = stream
  }

  /// The ten rounds of Philox4x32 on one 128-bit counter.
  package static func block(
    counter: SIMD4<UInt32>, key: (UInt32, UInt32)
  ) -> SIMD4<UInt32> {
    var (c0, c1, c2, c3) = (counter[0], counter[1], counter[2], counter[3])
    var (k0, k1) = key
    for _ in 0..<10 {
      let p0 = UInt64(0xD251_1F53) * UInt64(c0)
      let p1 = UInt64(0xCD9E_8D57) * UInt64(c2)
      (c0, c1, c2, c3) = (
        UInt32(truncatingIfNeeded: p1 >> 32) ^ c1 ^ k0, UInt32(truncatingIfNeeded: p1),
        UInt32(truncatingIfNeeded: p0 >> 32) ^ c3 ^ k1, UInt32(truncatingIfNeeded: p0)
      )
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return SIMD4(c0, c1, c2, c3)
  }

  /// The next 32 random bits.
  package mutating func next32() -> UInt32 {
    if used == 4 {
      let counter = SIMD4(
        UInt32(truncatingIfNeeded: position), UInt32(truncatingIfNeeded: position >> 32),
        UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32))
      block = CounterGenerator.block(counter: counter, key: key)
      position &+= 1
      used = 0
    }
    defer { used += 1 }
    return block[used]
  }

  package mutating func next() -> UInt64 {
    let low = next32()
    return UInt64(next32()) << 32 | UInt64(low)
  }

  /// A number in 0..<1 with 24 random bits.
  package mutating func uniform() -> Float { Float(next32() >> 8) * 0x1p-24 }

  /// A uniformly distributed number in `range`.
  package mutating func uniform(in range: Range<Float>) -> Float {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// A normally distributed number with mean 0 and variance 1 (Box–Muller transform, computed in
  /// double precision).
  package mutating func normal() -> Float {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    // 1 - u is in (0, 1], so that the logarithm is finite.
    let radius = (-2 * log(1 - Double(uniform()))).squareRoot()
    let angle = 2 * Double.pi * Double(uniform())
    spareNormal = Float(radius * sin(angle))
    return Float(radius * cos(angle))
  }

  /// An integer in 0..<`bound`, without bias (Lemire's multiplication with rejection).
  ///
  /// - Precondition: `0 < bound <= UInt32.max`.
  package mutating func index(below bound: Int) -> Int {
    let range = UInt64(bound)
    precondition(range > 0 && range <= UInt64(UInt32.max), "the bound must be in 1...2^32-1")
    let threshold = (0x1_0000_0000 - range) % range
    while true {
      let product = UInt64(next32()) * range
      if product & 0xFFFF_FFFF >= threshold { return Int(product >> 32) }
    }
  }

  /// Puts `array` in random order (Fisher–Yates).
  package mutating func shuffle<Element>(_ array: inout [Element]) {
    guard array.count > 1 else { return }
    for last in stride(from: array.count - 1, to: 0, by: -1) {
      array.swapAt(last, index(below: last + 1))
    }
  }
}
