import CKernels

/// Interpolation between images of different sizes, with half-pixel centers, as in Keras.
///
/// A class because the forward and backward steps of a program share its tables.
package final class Resampling: Sendable {
  private let rows: [resample_tap]
  private let columns: [resample_tap]
  private let source: ImageShape
  private let destination: ImageShape

  package enum Interpolation: Sendable, Hashable {
    case nearest, bilinear
  }

  package init(from source: ImageShape, to destination: ImageShape, _ kind: Interpolation) {
    self.source = source
    self.destination = destination
    rows = Resampling.taps(from: source.height, to: destination.height, kind)
    columns = Resampling.taps(from: source.width, to: destination.width, kind)
  }

  private static func taps(
    from size: Int, to newSize: Int, _ kind: Interpolation
  ) -> [resample_tap] {
    (0..<newSize).map { position in
      let center = (Double(position) + 0.5) * Double(size) / Double(newSize)
      switch kind {
      case .nearest:
        let nearest = Int32(min(Int(center), size - 1))
        return resample_tap(low: nearest, high: nearest, weight: 0)
      case .bilinear:
        // Beyond the outermost centers, the value at the border continues.
        let place = min(max(center - 0.5, 0), Double(size - 1))
        let low = Int(place)
        return resample_tap(
          low: Int32(low), high: Int32(min(low + 1, size - 1)),
          weight: Float(place - Double(low)))
      }
    }
  }

  package func run(_ images: TensorBuffer, to result: TensorBuffer) {
    guard let d = result.start, let s = images.start else { return }
    layer_resample(
      d, destination.c, s, source.c, images.count / source.count, rows, columns)
  }

  /// The gradient of the images, given that of the result.
  package func gradient(of resultGradient: TensorBuffer, to imagesGradient: TensorBuffer) {
    guard let d = imagesGradient.start, let g = resultGradient.start else { return }
    layer_resample_gradient(
      d, source.c, g, destination.c, imagesGradient.count / source.count, rows, columns)
  }
}
