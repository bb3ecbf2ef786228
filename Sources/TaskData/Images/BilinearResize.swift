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
  /// The new size.
  package let size: ImageSize
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
    let (old, new) = (from.count, size.height * size.width * from.channels)
    let count = images.count / old
    return [UInt8](unsafeUninitializedCapacity: count * new) { results, initialized in
      images.withUnsafeBufferPointer { images in
        for index in 0..<count {
          apply(
            UnsafeBufferPointer(rebasing: images[index * old..<(index + 1) * old]),
            to: UnsafeMutableBufferPointer(rebasing: results[index * new..<(index + 1) * new]))
        }
      }
      initialized = count * new
    }
  }

  /// The columns of which new pixels are computed.
  package var usedColumns: Range<Int> { columns.isIdentity ? 0..<from.width : columns.used }

  /// Resizes one image of bytes.
  ///
  /// - Parameters:
  ///   - image: `[height, part.count, channels]`.
  ///   - part: the columns that there are, at least ``usedColumns`` (default: all).
  ///   - result: memory for the new image, which need not be initialized.
  /// - Precondition: both have as many bytes as their shape.
  package func apply(
    _ image: UnsafeBufferPointer<UInt8>, of part: Range<Int>? = nil,
    to result: UnsafeMutableBufferPointer<UInt8>
  ) {
    let (channels, there) = (from.channels, part ?? 0..<from.width)
    precondition(image.count == from.height * there.count * channels)
    precondition(result.count == size.height * size.width * channels)
    guard !rows.isIdentity else {
      if columns.isIdentity {
        _ = result.initialize(fromContentsOf: image)
      } else {
        columns.bytes(from: there).resizeRows(image, channels: channels, to: result)
      }
      return
    }
    // Rows that no new row is computed from are left out.
    let used = rows.used
    let (oldLength, length) = (there.count * channels, size.width * channels)
    let kept = UnsafeBufferPointer(
      rebasing: image[used.lowerBound * oldLength..<used.upperBound * oldLength])
    let filter = rows.bytes(from: used)
    guard !columns.isIdentity else {
      return filter.resizeColumns(kept, length: length, to: result)
    }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: used.count * length) { wide in
      columns.bytes(from: there).resizeRows(kept, channels: channels, to: wide)
      filter.resizeColumns(UnsafeBufferPointer(wide), length: length, to: result)
    }
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
          let (first, weights) = (columns.ranges[x].lowerBound, columns.weights(of: x))
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
        var line = image + rows.ranges[y].lowerBound * length
        for weight in rows.weights(of: y) {
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
  /// The old pixels of every new pixel.
  let ranges: [Range<Int>]
  /// Whether every new pixel is the old one.
  let isIdentity: Bool
  /// The weights of the old pixels, `most` for every new pixel; those that are used add up to 1.
  private let weights: [Double]
  /// The most old pixels of a new pixel.
  private let most: Int

  /// - Parameter part: the part of the old pixels that is used; `nil` for all.
  init(from count: Int, _ part: Range<Float>?, to newCount: Int) {
    let origin = part.map { Double($0.lowerBound) } ?? 0
    let length = part.map { Double($0.upperBound - $0.lowerBound) } ?? Double(count)
    isIdentity = count == newCount && origin == 0 && length == Double(count)
    let scale = length / Double(newCount)
    let support = max(scale, 1)
    let inverse = 1 / support
    func center(_ new: Int) -> Double { origin + (Double(new) + 0.5) * scale }
    let ranges = (0..<newCount).map { new -> Range<Int> in
      let start = max(0, Int(center(new) - support + 0.5))
      let end = min(count, Int(center(new) + support + 0.5))
      return start..<end
    }
    let most = ranges.map(\.count).max() ?? 0
    var weights = [Double](repeating: 0, count: newCount * most)
    for (new, range) in ranges.enumerated() {
      var total = 0.0
      for (place, old) in range.enumerated() {
        let distance = abs((Double(old) - center(new) + 0.5) * inverse)
        let weight = distance < 1 ? 1 - distance : 0
        weights[new * most + place] = weight
        total += weight
      }
      for place in 0..<range.count { weights[new * most + place] /= total }
    }
    (self.ranges, self.weights, self.most) = (ranges, weights, most)
  }

  /// The old pixels of all new pixels.
  var used: Range<Int> {
    let start = ranges.map(\.lowerBound).min() ?? 0
    return start..<(ranges.map(\.upperBound).max() ?? start)
  }

  /// The weights of the old pixels of a new pixel.
  func weights(of new: Int) -> ArraySlice<Double> {
    weights[new * most..<new * most + ranges[new].count]
  }

  /// The same for bytes.
  ///
  /// - Parameter part: the old pixels that there are; those that are used are among them.
  func bytes(from part: Range<Int>) -> ByteResampling {
    let unit = Double(1 << ByteResampling.places)
    let moved = ranges.map { range -> Range<Int> in
      range.lowerBound - part.lowerBound..<range.upperBound - part.lowerBound
    }
    let fixed = weights.map { weight -> UInt32 in UInt32(weight * unit + 0.5) }
    return ByteResampling(ranges: moved, weights: fixed, stride: most, oldCount: part.count)
  }
}
