package import Tensors

/// The height and width of an image in pixels.
package struct ImageSize: Sendable, Hashable {
  package let height: Int
  package let width: Int

  package init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  /// Parses `224x160` (height × width), or `224` for a square; `nil` for anything else.
  package init?(_ text: String) {
    let numbers = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(numbers.count), let height = numbers.first ?? nil,
      let width = numbers.last ?? nil
    else { return nil }
    self.init(height: height, width: width)
  }
}

/// Bilinear resampling with antialiasing, as the Python Imaging Library does it.
///
/// Images are filtered first along the rows, then along the columns, each with a triangle filter
/// whose half-width is the scale if images shrink and one pixel if they grow. Bytes are rounded
/// after each pass, with weights of 22 binary places, so that results equal `Image.resize(size,
/// BILINEAR)` of Pillow bit by bit for images of modes L and RGB; floats equal those of mode F.
/// (Pillow 13 takes the columns first for some sizes, which changes single bytes by 1.) Every
/// channel is treated alike: alpha is not multiplied into the others as Pillow does for RGBA.
package struct BilinearResize: Sendable {
  private let from: ImageShape
  private let size: ImageSize
  private let columns: Taps
  private let rows: Taps

  /// - Parameters:
  ///   - from: the shape of the images.
  ///   - size: their new size.
  ///   - part: the part of the images that is resized (default: all of them).
  package init(_ from: ImageShape, to size: ImageSize, part: ImagePart? = nil) {
    self.from = from
    self.size = size
    columns = Taps(from: from.width, part?.columns, to: size.width)
    rows = Taps(from: from.height, part?.rows, to: size.height)
  }

  /// Resizes images `[count, height, width, channels]` of bytes.
  package func apply(_ images: [UInt8]) -> [UInt8] {
    let channels = from.channels
    var wide = images
    if !columns.isIdentity {
      wide = [UInt8](repeating: 0, count: images.count / from.width * size.width)
      for line in 0..<images.count / (from.width * channels) {
        let (source, target) = (line * from.width * channels, line * size.width * channels)
        for x in 0..<size.width {
          let (first, weights) = (columns.first[x], columns.fixed[x])
          for channel in 0..<channels {
            var sum = Taps.half
            var position = source + first * channels + channel
            for weight in weights {
              sum += Int32(images[position]) * weight
              position += channels
            }
            wide[target + x * channels + channel] = Taps.byte(sum)
          }
        }
      }
    }
    guard !rows.isIdentity else { return wide }
    let length = size.width * channels
    var result: [UInt8] = []
    result.reserveCapacity(wide.count / from.height * size.height)
    var sums = [Int32](repeating: 0, count: length)
    for image in stride(from: 0, to: wide.count, by: from.height * length) {
      for y in 0..<size.height {
        for x in 0..<length { sums[x] = Taps.half }
        var line = image + rows.first[y] * length
        for weight in rows.fixed[y] {
          for x in 0..<length { sums[x] += Int32(wide[line + x]) * weight }
          line += length
        }
        for sum in sums { result.append(Taps.byte(sum)) }
      }
    }
    return result
  }

  /// Resizes images `[count, height, width, channels]` of floats; sums are in double precision.
  package func apply(_ images: [Float]) -> [Float] {
    let channels = from.channels
    var wide = images
    if !columns.isIdentity {
      wide = [Float](repeating: 0, count: images.count / from.width * size.width)
      for line in 0..<images.count / (from.width * channels) {
        let (source, target) = (line * from.width * channels, line * size.width * channels)
        for x in 0..<size.width {
          let (first, weights) = (columns.first[x], columns.exact[x])
          for channel in 0..<channels {
            var sum = 0.0
            var position = source + first * channels + channel
            for weight in weights {
              sum += Double(images[position]) * weight
              position += channels
            }
            wide[target + x * channels + channel] = Float(sum)
          }
        }
      }
    }
    guard !rows.isIdentity else { return wide }
    let length = size.width * channels
    var result: [Float] = []
    result.reserveCapacity(wide.count / from.height * size.height)
    var sums = [Double](repeating: 0, count: length)
    for image in stride(from: 0, to: wide.count, by: from.height * length) {
      for y in 0..<size.height {
        for x in 0..<length { sums[x] = 0 }
        var line = image + rows.first[y] * length
        for weight in rows.exact[y] {
          for x in 0..<length { sums[x] += Double(wide[line + x]) * weight }
          line += length
        }
        for sum in sums { result.append(Float(sum)) }
      }
    }
    return result
  }
}

/// A rectangle of an image, in pixels, whose sides may cut pixels.
package struct ImagePart: Sendable, Hashable {
  /// From the left; bounds in single precision, as Pillow's.
  package let columns: Range<Float>
  /// From the top.
  package let rows: Range<Float>

  package init(columns: Range<Float>, rows: Range<Float>) {
    self.columns = columns
    self.rows = rows
  }
}

/// The old pixels that each new pixel is computed from along one axis, and their weights.
private struct Taps: Sendable {
  /// The first old pixel of every new pixel.
  private(set) var first: [Int] = []
  /// The weights of the old pixels of every new pixel; they add up to 1.
  private(set) var exact: [[Double]] = []
  /// The weights of the old pixels of every new pixel in units of 2^-22.
  private(set) var fixed: [[Int32]] = []
  /// Whether every new pixel is the old one.
  let isIdentity: Bool

  /// The binary places of fixed-point weights: of 32 bits, 8 are for the result, 2 are kept free.
  private static let places: Int32 = 22
  static let half = Int32(1) << (places - 1)

  static func byte(_ sum: Int32) -> UInt8 { UInt8(clamping: sum >> places) }

  /// - Parameter part: the part of the old pixels that is used; `nil` for all.
  init(from count: Int, _ part: Range<Float>?, to newCount: Int) {
    let origin = part.map { Double($0.lowerBound) } ?? 0
    let length = part.map { Double($0.upperBound - $0.lowerBound) } ?? Double(count)
    isIdentity = count == newCount && origin == 0 && length == Double(count)
    let scale = length / Double(newCount)
    let support = max(scale, 1)
    let inverse = 1 / support
    for new in 0..<newCount {
      let center = origin + (Double(new) + 0.5) * scale
      let start = max(0, Int(center - support + 0.5))
      let end = min(count, Int(center + support + 0.5))
      let weights = (start..<end).map { old -> Double in
        let distance = abs((Double(old) - center + 0.5) * inverse)
        return distance < 1 ? 1 - distance : 0
      }
      let total = weights.reduce(0, +)
      first.append(start)
      exact.append(weights.map { $0 / total })
      fixed.append(weights.map { Int32($0 / total * Double(Int32(1) << Self.places) + 0.5) })
    }
  }
}
