/// The size of one image, `[height, width, channels]`.
package struct ImageShape: Sendable, Hashable {
  package let height: Int
  package let width: Int
  package let channels: Int

  package init(height: Int, width: Int, channels: Int) {
    self.height = height
    self.width = width
    self.channels = channels
  }

  /// Numbers per image.
  package var count: Int { height * width * channels }
}

extension ImageShape: CustomStringConvertible {
  package var description: String { "\(height)×\(width)×\(channels)" }
}
