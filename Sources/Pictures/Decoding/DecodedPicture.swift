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
  let changes: PictureChanges
  private let firstColumn, storedWidth: Int
  private let memory: DecoderMemory
  /// The pixels if they are not those that the decoder has stored.
  private let converted: [UInt8]?

  /// The most pixels of a picture: a quarter of a GiB as RGB, as Pillow's limit.
  static let mostPixels = 89_478_485

  /// Decodes a JPEG or PNG file.
  ///
  /// Transparent pixels are put on white, and inks become RGB; colours become grey with the weights
  /// of ITU-R BT.601, all in the arithmetic of Pillow.
  ///
  /// - Parameter form: what the picture is for. Columns that it does not need may be left out.
  init(_ file: [UInt8], for form: PictureForm) throws(BrokenPicture) {
    let (memory, channels) = (DecoderMemory(), form.channels)
    var form = form
    let isDecoded = file.withUnsafeBufferPointer { file in
      withUnsafeMutablePointer(to: &form) { form in
        var wish = cimages_wish(choose: chooseColumns, context: form)
        return cimages_decode(
          file.baseAddress, file.count, UInt64(Self.mostPixels), &wish, &memory.picture)
      }
    }
    let picture = memory.picture
    self.memory = memory
    guard isDecoded == 1, let values = picture.pixels else {
      throw BrokenPicture(Self.message(of: picture))
    }
    let orientation = Orientation(of: picture)
    // Of pictures that are not upright, nothing is left out.
    let (rows, stored) = (Int(picture.height), Int(picture.columns))
    height = orientation.swapsAxes ? stored : rows
    storedWidth = orientation.swapsAxes ? rows : stored
    width = orientation.swapsAxes ? rows : Int(picture.width)
    firstColumn = Int(picture.first_column)
    changes = Self.changes(picture, orientation, channels: channels)
    if orientation == .upright, picture.channels == channels {
      converted = nil
    } else {
      let source = StoredPixels(
        values: values, channels: Int(picture.channels), isInk: picture.is_cmyk != 0,
        steps: orientation.steps(height: rows, width: stored), height: height,
        width: storedWidth)
      converted = channels == 1 ? source.gray() : source.rgb()
    }
  }

  /// The columns that were decoded, which the form needs.
  var columns: Range<Int> { firstColumn..<firstColumn + storedWidth }

  /// Calls a function with the pixels of ``columns``, `[height, columns, channels]`.
  func withPixels<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    if let converted { return converted.withUnsafeBufferPointer(body) }
    return withExtendedLifetime(memory) {
      let count = height * storedWidth * Int(memory.picture.channels)
      return body(UnsafeBufferPointer(start: memory.picture.pixels, count: count))
    }
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

extension Orientation {
  /// The orientation of a picture of which at least the header was decoded.
  init(of picture: cimages_picture) {
    self.init(exif: Array(UnsafeBufferPointer(start: picture.exif, count: picture.exif_count)))
  }
}

/// Asks for the columns that a form needs, a pointer to which is the context.
private func chooseColumns(
  context: UnsafeMutableRawPointer?, header: UnsafePointer<cimages_picture>?,
  first: UnsafeMutablePointer<UInt32>?, count: UnsafeMutablePointer<UInt32>?
) {
  guard let form = context?.assumingMemoryBound(to: PictureForm.self).pointee,
    let picture = header?.pointee, Orientation(of: picture) == .upright
  else { return }
  let columns = form.neededColumns(height: Int(picture.height), width: Int(picture.width))
  first?.pointee = UInt32(columns.lowerBound)
  count?.pointee = UInt32(columns.count)
}

/// What the decoder has allocated for a picture.
private final class DecoderMemory {
  var picture = cimages_picture()

  deinit { cimages_release(&picture) }
}
