import CKernels

/// The old pixels that each new pixel along one axis of an image is computed from, and their
/// weights, for images of bytes.
///
/// A new value is the weighted sum of old values, rounded to the nearest and at most 255.
package struct ByteResampling: Sendable {
  private let first: [UInt32]
  private let taps: [UInt32]
  private let weights: [UInt32]
  private let stride: Int
  /// The pixels of the old axis.
  private let oldCount: Int

  /// The binary places of weights: of 32 bits, 8 are for the result, 2 are kept free.
  package static let places = 22

  /// - Parameters:
  ///   - ranges: the old pixels of each new pixel.
  ///   - weights: the weights of the old pixels of each new pixel, in units of 2^-22, one new pixel
  ///     after the other, `stride` for each, of which the first ones are used.
  ///   - oldCount: the pixels of the old axis.
  /// - Precondition: the ranges are within the old axis, and not longer than `stride`.
  package init(ranges: [Range<Int>], weights: [UInt32], stride: Int, oldCount: Int) {
    precondition(weights.count == ranges.count * stride)
    precondition(
      ranges.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= oldCount && $0.count <= stride })
    first = ranges.map { UInt32($0.lowerBound) }
    taps = ranges.map { UInt32($0.count) }
    (self.weights, self.stride, self.oldCount) = (weights, stride, oldCount)
  }

  /// The number of new pixels.
  package var count: Int { first.count }

  /// Resizes rows of pixels.
  ///
  /// - Parameters:
  ///   - source: `[height, old pixels, channels]`.
  ///   - target: receives `[height, new pixels, channels]`.
  package func resizeRows(
    _ source: UnsafeBufferPointer<UInt8>, channels: Int,
    to target: UnsafeMutableBufferPointer<UInt8>
  ) {
    let height = source.count / max(1, oldCount * channels)
    precondition(source.count == height * oldCount * channels)
    precondition(target.count == height * count * channels)
    guard let source = source.baseAddress, let target = target.baseAddress else { return }
    withFilter { resize_rows(target, source, height, oldCount, channels, $0) }
  }

  /// Makes rows, each of some old rows.
  ///
  /// - Parameters:
  ///   - source: `[old rows, length]`.
  ///   - target: receives `[new rows, length]`.
  package func resizeColumns(
    _ source: UnsafeBufferPointer<UInt8>, length: Int, to target: UnsafeMutableBufferPointer<UInt8>
  ) {
    precondition(source.count == oldCount * length && target.count == count * length)
    guard let source = source.baseAddress, let target = target.baseAddress else { return }
    withFilter { resize_columns(target, source, length, $0) }
  }

  private func withFilter(_ body: (UnsafePointer<resize_filter>) -> Void) {
    first.withUnsafeBufferPointer { first in
      taps.withUnsafeBufferPointer { taps in
        weights.withUnsafeBufferPointer { weights in
          guard let first = first.baseAddress, let taps = taps.baseAddress,
            let weights = weights.baseAddress
          else { return }
          var filter = resize_filter(
            count: count, first: first, taps: taps, weights: weights, stride: stride)
          body(&filter)
        }
      }
    }
  }
}
