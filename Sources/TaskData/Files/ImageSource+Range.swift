import Records
import Tensors

/// Compares the pixels with the range that a network expects; only plain bytes are adapted to it.
extension ImageSource {
  /// Whether plain bytes stay 0...255, because the network scales them itself.
  static func keepsBytes(
    _ options: DatasetOptions, isBytes: Bool, encoding: PixelEncoding
  ) -> Bool {
    options.preprocess == nil && isBytes && encoding == .unit && options.expected?.range == .bytes
  }

  /// The range of the pixels as the network sees them; `nil` if a preprocessing was requested.
  ///
  /// - Precondition: all images were read.
  var pixelRange: PixelRange? {
    guard !keepsBytes else { return .bytes }
    guard preprocessing == nil else { return nil }
    switch encoding {
    case .unit: return .unit
    case .float:
      guard rows.smallest <= rows.largest else { return nil }
      return PixelRange(smallest: rows.smallest, largest: rows.largest)
    case .scaled:
      let values = encoding.decodedValues
      return PixelRange(smallest: values.min() ?? 0, largest: values.max() ?? 0)
    }
  }

  /// A sentence about pixels that do not seem to fit the network; `nil` if they seem to fit.
  ///
  /// - Precondition: all images were read.
  var rangeNote: String? {
    // Feature vectors have ranges of their own.
    guard let expected, let wanted = expected.range, shape.height * shape.width > 1 else {
      return nil
    }
    if let preprocessing, !keepsBytes {
      let isScaled = [.unit, .tf, .torch].contains(preprocessing)
      guard wanted == .bytes && isScaled || wanted == .unit && !isScaled else { return nil }
      return "`preprocess` = \(preprocessing.rawValue) was requested, but \(expected.reason) and "
        + "expects pixels of \(wanted)."
    }
    guard let pixelRange, pixelRange != wanted else { return nil }
    let stored = encoding == .unit ? "bytes, divided by 255" : "\(pixelRange)"
    let have = "The pixels of \(place) are \(stored)"
    switch (wanted, pixelRange) {
    case (.bytes, .unit):
      return "\(have), but \(expected.reason) and expects pixels of 0...255: multiply them by 255, "
        + "or store bytes."
    case (.unit, .bytes):
      return "\(have), but \(expected.reason) and expects pixels of 0...1: `preprocess` = unit "
        + "divides them by 255."
    case (.bytes, .numbers(..<0, _)), (.unit, .numbers(..<0, _)), (.unit, .numbers(_, 4...)):
      return "\(have), but \(expected.reason) and expects pixels of \(wanted)."
    case (.numbers, .unit), (.numbers, .bytes):
      return "\(have), but \(expected.reason): give them the same scale, or choose one with "
        + "`preprocess`."
    default: return nil
    }
  }
}
