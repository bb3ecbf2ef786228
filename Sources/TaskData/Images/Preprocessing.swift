import Tensors

/// The preprocessing of pixels of 0...255 before a network sees them, with Keras' names and
/// meanings (`keras.applications.imagenet_utils.preprocess_input`, whose channels are red, green,
/// blue).
///
/// It is computed in single precision in Keras' order, so that results equal Keras' bit by bit.
package enum Preprocessing: String, Sendable, Hashable, CaseIterable {
  /// Pixels stay as they are.
  case none
  /// Pixels are divided by 255.
  case unit
  /// Pixels are divided by 127.5, and 1 is subtracted.
  case tf
  /// Pixels are divided by 255, then standardized with ImageNet's mean and deviation of each
  /// channel.
  case torch
  /// Channels are reordered to blue, green, red, and ImageNet's mean of each channel is subtracted.
  case caffe

  /// Whether the preprocessing is defined for images of three channels only.
  var needsColor: Bool { self == .torch || self == .caffe }

  /// A decoder that turns stored pixels into preprocessed ones.
  ///
  /// - Parameter sources: the stored channel that each channel comes from, before ``caffe``
  ///   reorders channels.
  /// - Precondition: three channels for ``torch`` and ``caffe``.
  func decoder(sources: [Int], storedChannels: Int) -> PixelDecoder {
    precondition(!needsColor || sources.count == 3, "torch and caffe are for three channels")
    var divisor: Float = 1
    var mean = [Float](repeating: 0, count: sources.count)
    var deviation = [Float](repeating: 1, count: sources.count)
    switch self {
    case .none: break
    case .unit: divisor = 255
    case .tf:
      divisor = 127.5
      mean = mean.map { _ in 1 }
    case .torch:
      divisor = 255
      mean = [0.485, 0.456, 0.406]
      deviation = [0.229, 0.224, 0.225]
    case .caffe: mean = [103.939, 116.779, 123.68]
    }
    return PixelDecoder(
      sources: self == .caffe ? sources.reversed() : sources, storedChannels: storedChannels,
      divisor: divisor, mean: mean, deviation: deviation)
  }
}
