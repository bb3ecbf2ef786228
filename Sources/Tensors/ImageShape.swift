/// The shape of one image, `[height, width, channels]`.
public struct ImageShape: Sendable, Hashable {
  /// Number of rows of pixels.
  public let height: Int
  /// Number of columns of pixels.
  public let width: Int
  /// Number of values per pixel, such as 1 for grey and 3 for colour images.
  public let channels: Int

  /// Creates the shape of an image from its height, width and number of channels.
  public init(height: Int, width: Int, channels: Int) {
    self.height = height
    self.width = width
    self.channels = channels
  }

  /// Number of values of one image.
  public var count: Int { height * width * channels }
}

extension ImageShape: CustomStringConvertible {
  public var description: String { "\(height)×\(width)×\(channels)" }
}
