/// The size of one image, `[height, width, channels]`.
public struct ImageShape: Sendable, Hashable {
  public let height: Int
  public let width: Int
  public let channels: Int

  public init(height: Int, width: Int, channels: Int) {
    self.height = height
    self.width = width
    self.channels = channels
  }

  /// Numbers per image.
  public var count: Int { height * width * channels }
}

extension ImageShape: CustomStringConvertible {
  public var description: String { "\(height)×\(width)×\(channels)" }
}
