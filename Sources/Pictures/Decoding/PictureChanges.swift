/// What was done to an unusual picture.
package struct PictureChanges: OptionSet, Sendable, Hashable {
  package let rawValue: Int

  package init(rawValue: Int) { self.rawValue = rawValue }

  static let turned = PictureChanges(rawValue: 1 << 0)
  static let cutTo8Bits = PictureChanges(rawValue: 1 << 1)
  static let putOnWhite = PictureChanges(rawValue: 1 << 2)
  static let convertedFromInks = PictureChanges(rawValue: 1 << 3)
  static let colored = PictureChanges(rawValue: 1 << 4)
  static let grayed = PictureChanges(rawValue: 1 << 5)
  static let damaged = PictureChanges(rawValue: 1 << 6)

  /// Each change in words that follow `pictures that`.
  package static let all: [(change: PictureChanges, text: String)] = [
    (colored, "are grey and were given three equal channels"),
    (grayed, "are coloured and were made grey"),
    (putOnWhite, "are transparent and were put on white"),
    (cutTo8Bits, "had 16 bits per value and now have 8"),
    (convertedFromInks, "were converted from CMYK"),
    (turned, "were turned as their EXIF orientation says"),
    (damaged, "have damaged data, and were decoded as far as possible"),
  ]
}
