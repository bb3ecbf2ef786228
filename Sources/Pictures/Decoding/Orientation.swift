/// How a stored picture is turned to be upright, with the numbers of EXIF (CIPA DC-008, tag
/// 0x0112).
enum Orientation: Int, CaseIterable {
  case upright = 1
  case mirrored, turnedHalf, flipped, transposed, turnedLeft, transversed, turnedRight

  /// The orientation in EXIF data; upright if they do not say, or are damaged.
  ///
  /// - Parameter exif: the data from the header of TIFF on.
  init(exif: [UInt8]) {
    self = Self.number(in: exif).flatMap(Orientation.init(rawValue:)) ?? .upright
  }

  /// The value of the tag in the first directory.
  private static func number(in exif: [UInt8]) -> Int? {
    let order = exif.prefix(2)
    guard order.elementsEqual([0x49, 0x49]) || order.elementsEqual([0x4D, 0x4D]) else { return nil }
    let isLittle = exif[0] == 0x49
    func number(_ start: Int, _ count: Int) -> Int? {
      guard start >= 0, start <= exif.count - count else { return nil }
      let bytes = exif[start..<start + count]
      return (isLittle ? Array(bytes.reversed()) : Array(bytes)).reduce(0) { $0 << 8 | Int($1) }
    }
    guard number(2, 2) == 42, let directory = number(4, 4), let entries = number(directory, 2)
    else { return nil }
    for entry in 0..<entries {
      let start = directory + 2 + 12 * entry
      guard let tag = number(start, 2) else { return nil }
      guard tag == 0x0112 else { continue }
      // A value of up to four bytes is in the entry itself: a short integer, or a long one.
      return number(start + 8, number(start + 2, 2) == 4 ? 4 : 2)
    }
    return nil
  }

  /// Whether rows become columns.
  var swapsAxes: Bool { rawValue >= 5 }

  /// The way over the stored pixels, `[height, width]`, that visits those of the upright picture
  /// row by row.
  func steps(height: Int, width: Int) -> Steps {
    let (last, lastRow) = (height * width - 1, (height - 1) * width)
    return switch self {
    case .upright: Steps(start: 0, column: 1, row: width)
    case .mirrored: Steps(start: width - 1, column: -1, row: width)
    case .turnedHalf: Steps(start: last, column: -1, row: -width)
    case .flipped: Steps(start: lastRow, column: 1, row: -width)
    case .transposed: Steps(start: 0, column: width, row: 1)
    case .turnedLeft: Steps(start: lastRow, column: -width, row: 1)
    case .transversed: Steps(start: last, column: -width, row: -1)
    case .turnedRight: Steps(start: width - 1, column: width, row: -1)
    }
  }

  /// Indices of stored pixels: that of the first one, and the steps to the next one in a row and
  /// to the next row.
  struct Steps: Hashable {
    let start, column, row: Int
  }
}
