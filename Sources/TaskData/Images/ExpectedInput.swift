package import Tensors

/// The range of the pixels that a network expects.
package enum PixelRange: Sendable, Hashable, CustomStringConvertible {
  /// 0...255, as bytes are stored.
  case bytes
  /// 0...1, as bytes divided by 255.
  case unit
  /// Another range, from the smallest to the largest number.
  case numbers(Float, Float)

  /// The range that numbers between these two seem to have.
  package init(smallest: Float, largest: Float) {
    if smallest >= 0, largest <= 1 {
      self = .unit
    } else if smallest >= 0, (64...255).contains(largest) {
      self = .bytes
    } else {
      self = .numbers(smallest, largest)
    }
  }

  /// Parses a ``description``.
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

/// The input that a network expects, so that images that do not fit are found before they are read.
package struct ExpectedInput: Sendable, Hashable {
  /// The shape of one image.
  package let shape: ImageShape
  /// The range of the pixels that the network expects; `nil` if it is not known.
  package let range: PixelRange?
  /// How the range is known, as a clause: `the network begins with 'rescaling' (Rescaling)`.
  package let reason: String

  package init(shape: ImageShape, range: PixelRange? = nil, reason: String = "") {
    self.shape = shape
    self.range = range
    self.reason = reason
  }
}
