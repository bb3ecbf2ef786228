/// The pixels that a decoder has stored, and the way over them that makes the picture upright.
struct StoredPixels {
  let values: UnsafePointer<UInt8>
  /// 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha or inks.
  let channels: Int
  /// Whether the channels are cyan, magenta, yellow and black, of which 0 is the full ink.
  let isInk: Bool
  let steps: Orientation.Steps
  /// The height and width of the upright picture.
  let height, width: Int

  /// The upright picture in RGB.
  func rgb() -> [UInt8] {
    map(to: 3) { source, target in
      let (red, green, blue) = color(source)
      target[0] = red
      target[1] = green
      target[2] = blue
    }
  }

  /// The upright picture in grey.
  func gray() -> [UInt8] {
    map(to: 1) { source, target in
      let (red, green, blue) = color(source)
      let sum = 19_595 * UInt32(red) + 38_470 * UInt32(green) + 7_471 * UInt32(blue)
      target[0] = UInt8((sum + 0x8000) >> 16)
    }
  }

  private func map(
    to count: Int, _ body: (UnsafePointer<UInt8>, UnsafeMutablePointer<UInt8>) -> Void
  ) -> [UInt8] {
    let total = height * width * count
    return [UInt8](unsafeUninitializedCapacity: total) { buffer, initialized in
      guard var target = buffer.baseAddress else { return }
      for row in 0..<height {
        var source = steps.start + row * steps.row
        for _ in 0..<width {
          body(values + source * channels, target)
          source += steps.column
          target += count
        }
      }
      initialized = total
    }
  }

  @inline(__always)
  private func color(_ source: UnsafePointer<UInt8>) -> (UInt8, UInt8, UInt8) {
    switch channels {
    case 1: return (source[0], source[0], source[0])
    case 2:
      let gray = Self.onWhite(source[0], alpha: source[1])
      return (gray, gray, gray)
    case 3: return (source[0], source[1], source[2])
    default:
      if isInk {
        return (
          Self.light(source[0], source[3]), Self.light(source[1], source[3]),
          Self.light(source[2], source[3])
        )
      }
      return (
        Self.onWhite(source[0], alpha: source[3]), Self.onWhite(source[1], alpha: source[3]),
        Self.onWhite(source[2], alpha: source[3])
      )
    }
  }

  /// A value over white, rounded with 7 more bits.
  @inline(__always)
  private static func onWhite(_ value: UInt8, alpha: UInt8) -> UInt8 {
    if alpha == 0 { return 255 }
    let weight = UInt32(alpha) << 7
    let sum = UInt32(value) * weight + 255 * ((255 << 7) - weight) + 0x80 << 7
    return UInt8(truncatingIfNeeded: ((sum >> 8) + sum) >> 15)
  }

  /// What an ink and black leave of the light; 0 is the full ink.
  @inline(__always)
  private static func light(_ value: UInt8, _ black: UInt8) -> UInt8 {
    let product = UInt32(255 - value) * UInt32(black) + 128
    let absorbed = ((product >> 8) + product) >> 8
    return UInt8(clamping: Int32(black) - Int32(absorbed))
  }
}
