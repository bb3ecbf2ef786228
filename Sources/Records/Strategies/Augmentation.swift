/// Random changes of the training images; off by default.
public struct Augmentation: Sendable, Hashable, Codable {
  /// The largest shift in each direction, in pixels; uncovered pixels become zero.
  public var shift = 0
  /// Mirror left and right, with probability 1/2.
  public var flip = false
  /// Rotate by 0, 90, 180 or 270 degrees; square images only.
  public var rotation = false
  /// The standard deviation of Gaussian noise.
  public var noise = 0.0
  /// The side of a square that is set to zero, in pixels.
  public var cutout = 0
  /// How many augmented views of each example are cached for frozen layers; with 0, none are cached
  /// and frozen layers run again for every batch.
  public var cachedViews = 0

  public init() {}

  /// Whether any random change is on.
  public var isOn: Bool { shift > 0 || flip || rotation || noise > 0 || cutout > 0 }

  /// How augmentation affects the cache of frozen layers, for a log; `nil` if augmentation is off.
  package var cacheNote: String? {
    guard isOn else { return nil }
    return cachedViews > 0
      ? "Augmentation: \(cachedViews) augmented views of each example are cached for frozen layers."
      : "Augmentation: the cache of frozen layers is off; they run again for every batch."
  }
}

// Decoding uses the helper of DecodingDefaults.swift.

extension Augmentation {
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    shift = try values.value(.shift, or: shift)
    flip = try values.value(.flip, or: flip)
    rotation = try values.value(.rotation, or: rotation)
    noise = try values.value(.noise, or: noise)
    cutout = try values.value(.cutout, or: cutout)
    cachedViews = try values.value(.cachedViews, or: cachedViews)
  }
}
