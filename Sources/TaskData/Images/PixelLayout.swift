import Records
import Tensors

/// The requested axis of the channels of images.
package enum ImageLayout: String, Sendable, Hashable, CaseIterable {
  /// `[count, height, width, channels]`.
  case nhwc
  /// `[count, channels, height, width]`.
  case nchw
  /// Whichever of the two has an axis of 1, 3 or 4 channels.
  case auto
}

/// The layout of the images of a dataset in their file.
struct PixelLayout: Sendable, Hashable {
  /// The shape of one image.
  let shape: ImageShape
  let channelsAreFirst: Bool

  init(shape: ImageShape, channelsAreFirst: Bool = false) {
    self.shape = shape
    self.channelsAreFirst = channelsAreFirst
  }

  /// The layout of a dataset: two axes are feature vectors, three are grayscale images, four are
  /// images with channels.
  ///
  /// - Throws: `Failure` of kind `badData` for other shapes, and if `auto` fits both layouts or
  ///   neither.
  init(of extent: [Int], _ option: ImageLayout, at place: String) throws(Failure) {
    func bad(_ reason: String, remedy: String) -> Failure {
      Failure(.badData, TaskFile.attempt, on: place, because: reason, remedy: remedy)
    }
    guard (2...4).contains(extent.count) else {
      throw bad(
        "its shape is \(extent), which is not [count, height, width, channels]",
        remedy: "Store images with these four axes, grayscale images without the last, or feature "
          + "vectors as [count, features].")
    }
    guard !extent.contains(0) else {
      throw bad("its shape is \(extent): it is empty", remedy: "Store at least one image.")
    }
    let length = extent.dropFirst().reduce((1, false)) { product, axis in
      let (next, overflows) = product.0.multipliedReportingOverflow(by: axis)
      return (next, product.1 || overflows)
    }
    guard !length.1, length.0 <= 1 << 31 else {
      throw bad("its shape is \(extent): no image is that large", remedy: "Store smaller images.")
    }
    guard extent.count == 4 else {
      shape =
        extent.count == 2
        ? ImageShape(height: 1, width: 1, channels: extent[1])
        : ImageShape(height: extent[1], width: extent[2], channels: 1)
      channelsAreFirst = false
      return
    }
    let channelCounts = [1, 3, 4]
    switch option {
    case .nhwc: channelsAreFirst = false
    case .nchw: channelsAreFirst = true
    case .auto:
      let (first, last) = (channelCounts.contains(extent[1]), channelCounts.contains(extent[3]))
      guard first != last else {
        throw bad(
          "its shape is \(extent), in which "
            + (first ? "both axis 1 and the last" : "neither axis 1 nor the last")
            + " can be 1, 3 or 4 channels",
          remedy: "Give `layout` = nhwc if the channels are last, or `layout` = nchw if they are "
            + "first.")
      }
      channelsAreFirst = first
    }
    shape =
      channelsAreFirst
      ? ImageShape(height: extent[2], width: extent[3], channels: extent[1])
      : ImageShape(height: extent[1], width: extent[2], channels: extent[3])
  }

  /// The images with the channels as the last axis.
  func channelsLast<Value>(_ values: [Value]) -> [Value] {
    guard channelsAreFirst, shape.channels > 1, let some = values.first else { return values }
    let (channels, pixels) = (shape.channels, shape.height * shape.width)
    var result = [Value](repeating: some, count: values.count)
    for image in stride(from: 0, to: values.count, by: shape.count) {
      for channel in 0..<channels {
        let from = image + channel * pixels
        for pixel in 0..<pixels {
          result[image + pixel * channels + channel] = values[from + pixel]
        }
      }
    }
    return result
  }
}
