package import Tensors

/// The pixels that a network is made for.
package enum PixelRange: Sendable, Hashable, CustomStringConvertible {
  /// As bytes are stored.
  case bytes
  /// As bytes are divided by 255.
  case unit
  /// Of other numbers, from the smallest to the largest.
  case numbers(Float, Float)

  /// The range that some numbers seem to be of.
  package init(smallest: Float, largest: Float) {
    if smallest >= 0, largest <= 1 {
      self = .unit
    } else if smallest >= 0, (64...255).contains(largest) {
      self = .bytes
    } else {
      self = .numbers(smallest, largest)
    }
  }

  /// From a ``description``.
  package init?(_ text: String) {
    let ends = text.split(separator: "...").map { Float($0) }
    guard ends.count == 2, let smallest = ends[0], let largest = ends[1] else { return nil }
    switch (smallest, largest) {
    case (0, 255): self = .bytes
    case (0, 1): self = .unit
    default: self = .numbers(smallest, largest)
    }
  }

  package var description: String {
    switch self {
    case .bytes: "0...255"
    case .unit: "0...1"
    case .numbers(let smallest, let largest): "\(smallest)...\(largest)"
    }
  }
}

/// What a network takes, so that images that do not fit are found before they are read.
package struct ExpectedInput: Sendable, Hashable {
  /// Of one image.
  package let shape: ImageShape
  /// The pixels that the network is made for; `nil` where nothing says it.
  package let range: PixelRange?
  /// How that is known, as the end of a sentence: `the network begins with 'rescaling' (Rescaling)`.
  package let reason: String

  package init(shape: ImageShape, range: PixelRange? = nil, reason: String = "") {
    self.shape = shape
    self.range = range
    self.reason = reason
  }
}
