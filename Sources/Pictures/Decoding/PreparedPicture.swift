/// A decoded picture in the form of its set.
package struct PreparedPicture: Sendable {
  /// `[height, width, channels]`.
  package let pixels: [UInt8]
  package let changes: PictureChanges
}

extension PictureForm {
  /// Decodes a JPEG or PNG file in this process.
  ///
  /// - Throws: `BrokenPicture` if it is neither, is damaged, ends too early, or has more than
  ///   89,478,485 pixels or 100 scans.
  package func picture(of file: [UInt8]) throws(BrokenPicture) -> PreparedPicture {
    let decoded = try DecodedPicture(file, for: self)
    let pixels = decoded.withPixels {
      applied(to: $0, of: decoded.columns, height: decoded.height, width: decoded.width)
    }
    return PreparedPicture(pixels: pixels, changes: decoded.changes)
  }
}
