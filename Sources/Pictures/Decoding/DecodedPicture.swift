import CImages

/// The error for a picture that cannot be decoded.
package struct BrokenPicture: Error, Sendable, Hashable {
  package let reason: String

  init(_ reason: String) { self.reason = reason }
}

/// A decoded picture, upright, in grey or RGB with 8 bits per value.
struct DecodedPicture {
  let height: Int
  let width: Int
  /// `[height, width, channels]`.
  let pixels: [UInt8]
  let changes: PictureChanges

  /// The most pixels of a picture: a quarter of a GiB as RGB, as Pillow's limit.
  static let mostPixels = 89_478_485

  /// Decodes a JPEG or PNG file.
  ///
  /// Transparent pixels are put on white, and inks become RGB; colours become grey with the weights
  /// of ITU-R BT.601, all in the arithmetic of Pillow.
  ///
  /// - Parameter channels: 3 for RGB, 1 for grey.
  init(_ file: [UInt8], channels: Int) throws(BrokenPicture) {
    var picture = cimages_picture()
    defer { cimages_release(&picture) }
    let isDecoded = file.withUnsafeBufferPointer {
      cimages_decode($0.baseAddress, $0.count, UInt64(Self.mostPixels), &picture)
    }
    guard isDecoded == 1, let stored = picture.pixels else {
      throw BrokenPicture(Self.message(of: picture))
    }
    let exif = Array(UnsafeBufferPointer(start: picture.exif, count: picture.exif_count))
    let orientation = Orientation(exif: exif)
    let (rows, columns) = (Int(picture.height), Int(picture.width))
    height = orientation.swapsAxes ? columns : rows
    width = orientation.swapsAxes ? rows : columns
    let source = StoredPixels(
      values: stored, channels: Int(picture.channels), isInk: picture.is_cmyk != 0,
      steps: orientation.steps(height: rows, width: columns), height: height, width: width)
    pixels = channels == 1 ? source.gray() : source.rgb()
    changes = Self.changes(picture, orientation, channels: channels)
  }

  private static func changes(
    _ picture: cimages_picture, _ orientation: Orientation, channels: Int
  ) -> PictureChanges {
    let stored = picture.channels
    var changes: PictureChanges = []
    if orientation != .upright { changes.insert(.turned) }
    if picture.had_16_bits != 0 { changes.insert(.cutTo8Bits) }
    if picture.is_cmyk != 0 { changes.insert(.convertedFromInks) }
    if stored == 2 || (stored == 4 && picture.is_cmyk == 0) { changes.insert(.putOnWhite) }
    if channels == 3, stored == 1 { changes.insert(.colored) }
    if channels == 1, stored > 2 { changes.insert(.grayed) }
    if picture.warnings > 0 { changes.insert(.damaged) }
    return changes
  }

  private static func message(of picture: cimages_picture) -> String {
    withUnsafeBytes(of: picture.message) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
