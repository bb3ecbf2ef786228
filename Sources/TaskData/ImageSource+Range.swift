import Records
import Tensors

/// How pixels fit what a network is made for. Nothing but plain bytes is changed for that.
extension ImageSource {
  /// Whether bytes stay what they are, since the network scales them itself.
  static func keepsBytes(
    _ options: DatasetOptions, isBytes: Bool, encoding: PixelEncoding
  ) -> Bool {
    options.preprocess == nil && isBytes && encoding == .unit && options.expected?.range == .bytes
  }

  /// The pixels as the network sees them; `nil` where they are preprocessed by a word.
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

  /// What is odd about the pixels for the network, in a sentence; `nil` where nothing is.
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
      return "--preprocess \(preprocessing.rawValue) was asked for, but \(expected.reason), for "
        + "pixels of \(wanted)."
    }
    guard let pixelRange, pixelRange != wanted else { return nil }
    let stored = encoding == .unit ? "bytes, divided by 255" : "\(pixelRange)"
    let have = "The pixels of \(place) are \(stored)"
    switch (wanted, pixelRange) {
    case (.bytes, .unit):
      return "\(have), but \(expected.reason), for pixels of 0...255: multiply them by 255, or "
        + "store bytes."
    case (.unit, .bytes):
      return "\(have), but \(expected.reason), for pixels of 0...1: --preprocess unit divides "
        + "them by 255."
    case (.bytes, .numbers(..<0, _)), (.unit, .numbers(..<0, _)), (.unit, .numbers(_, 4...)):
      return "\(have), but \(expected.reason), for pixels of \(wanted)."
    case (.numbers, .unit), (.numbers, .bytes):
      return "\(have), but \(expected.reason): give them the same scale, or say with --preprocess "
        + "how."
    default: return nil
    }
  }
}
