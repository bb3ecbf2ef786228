package import Records
package import TaskData

/// The form that all pictures of a set get: their size, how they fit into it, and their channels.
package struct PictureForm: Sendable, Hashable {
  /// How a picture of other proportions fits into the size.
  package enum Fit: String, Sendable, Hashable, CaseIterable {
    /// The middle of the picture, as large as it can be.
    case crop
    /// The whole picture, with other proportions.
    case stretch
    /// The whole picture, with black at two sides.
    case pad
  }

  package let size: ImageSize
  package let fit: Fit
  /// 3 for RGB, 1 for grey.
  package let channels: Int

  /// The largest height and width.
  package static let largestSide = 4096

  /// - Throws: `Failure` of kind `usage` that names the property and an example.
  package init(size: ImageSize, fit: Fit, channels: Int) throws(Failure) {
    let sides = 1...Self.largestSide
    guard sides.contains(size.height), sides.contains(size.width) else {
      throw Failure(
        .usage, "cannot use", on: "`size`",
        because: "\(size.height)×\(size.width) is not within 1...\(Self.largestSide)",
        remedy: "Example: `size` = 224")
    }
    guard channels == 1 || channels == 3 else {
      throw Failure(
        .usage, "cannot use", on: "`channels`", because: "\(channels) is neither 1 nor 3",
        remedy: "Example: `channels` = 3")
    }
    self.size = size
    self.fit = fit
    self.channels = channels
  }

  /// The number of values of a picture.
  var count: Int { size.height * size.width * channels }
}
