import Tensors
import Testing

/// Weighted sums of bytes against sums in double precision, which are exact.
struct ByteResamplingTests {
  /// Random old pixels and weights for each new pixel, of which some add up to more than 1.
  private struct Filter {
    let ranges: [Range<Int>]
    let weights: [[UInt32]]
    let oldCount: Int

    init(from oldCount: Int, to count: Int, _ random: inout CounterGenerator) {
      self.oldCount = oldCount
      ranges = (0..<count).map { _ in
        let first = random.index(below: oldCount)
        return first..<first + 1 + random.index(below: min(9, oldCount - first))
      }
      weights = ranges.map { range in
        range.map { _ in UInt32(random.index(below: (3 << 21) / range.count)) }
      }
    }

    var resampling: ByteResampling {
      let stride = ranges.map(\.count).max() ?? 0
      return ByteResampling(
        ranges: ranges,
        weights: weights.flatMap { $0 + [UInt32](repeating: 7, count: stride - $0.count) },
        stride: stride, oldCount: oldCount)
    }

    func value(_ new: Int, _ old: (Int) -> UInt8) -> UInt8 {
      let sum = zip(ranges[new], weights[new]).reduce(0.0) { $0 + Double(old($1.0)) * Double($1.1) }
      return UInt8(min(255, (sum / 4_194_304 + 0.5).rounded(.down)))
    }
  }

  private func bytes(_ count: Int, _ random: inout CounterGenerator) -> [UInt8] {
    // Many of them are the largest.
    (0..<count).map { _ in UInt8(min(255, random.index(below: 400))) }
  }

  /// What a call writes, and 16 bytes behind it that it must leave.
  private func written(
    _ count: Int, _ body: (UnsafeMutableBufferPointer<UInt8>) -> Void
  ) -> [UInt8] {
    var result = [UInt8](repeating: 0xA5, count: count + 16)
    result.withUnsafeMutableBufferPointer {
      body(UnsafeMutableBufferPointer(rebasing: $0[..<count]))
    }
    #expect(result.suffix(16) == [UInt8](repeating: 0xA5, count: 16))
    return Array(result.prefix(count))
  }

  /// Rows of all sizes, of one to five channels, from one row to more than are resized together.
  @Test(arguments: 1...5) func rows(channels: Int) {
    var random = CounterGenerator(seed: 31, stream: UInt64(channels))
    for width in 1...33 {
      let height = 1 + width % 11
      let filter = Filter(from: width, to: 1 + random.index(below: 40), &random)
      let source = bytes(height * width * channels, &random)
      let count = filter.ranges.count
      let found = written(height * count * channels) { target in
        source.withUnsafeBufferPointer {
          filter.resampling.resizeRows($0, channels: channels, to: target)
        }
      }
      var expected: [UInt8] = []
      for row in 0..<height {
        for x in 0..<count {
          for channel in 0..<channels {
            expected.append(filter.value(x) { source[(row * width + $0) * channels + channel] })
          }
        }
      }
      #expect(found == expected, "\(height) × \(width) to \(count)")
    }
  }

  /// Columns of rows that fill no vector, one, or several and some more.
  @Test(arguments: Array(1...33) + [63, 64, 65, 127, 130, 257]) func columns(length: Int) {
    var random = CounterGenerator(seed: 37, stream: UInt64(length))
    for height in [1, 2, 5, 17, 33] {
      let filter = Filter(from: height, to: 1 + random.index(below: 20), &random)
      let source = bytes(height * length, &random)
      let count = filter.ranges.count
      let found = written(count * length) { target in
        source.withUnsafeBufferPointer {
          filter.resampling.resizeColumns($0, length: length, to: target)
        }
      }
      let expected = (0..<count * length).map { index in
        filter.value(index / length) { source[$0 * length + index % length] }
      }
      #expect(found == expected, "\(height) to \(count) rows of \(length)")
    }
  }
}
