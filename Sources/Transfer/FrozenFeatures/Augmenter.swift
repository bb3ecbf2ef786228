package import Records
package import TaskData
import Tensors

/// Draws augmented views of training images.
///
/// A view depends only on the seed, the number of the view and the index of the image.
package struct Augmenter {
  package let settings: Augmentation
  package let seed: UInt64

  package init(settings: Augmentation, seed: UInt64) {
    self.settings = settings
    self.seed = seed
  }

  /// Augmented views of some images of a dataset, `[rows, height, width, channels]`.
  package func views(
    of rows: ArraySlice<Int>, in images: LabeledImages, number: Int
  ) throws -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(rows.count * images.shape.count)
    for row in rows {
      var generator = CounterGenerator(
        seed: ContentDigest.seed("augmentation", "\(seed)", "\(number)"), stream: UInt64(row))
      result += view(try images.image(row), images.shape, &generator)
    }
    return result
  }

  private func view(
    _ image: [Float], _ shape: ImageShape, _ generator: inout CounterGenerator
  ) -> [Float] {
    var image = image
    if settings.flip, generator.index(below: 2) == 1 {
      image = moved(image, shape) { y, x in (y, shape.width - 1 - x) }
    }
    if settings.rotation, shape.height == shape.width {
      let last = shape.height - 1
      switch generator.index(below: 4) {
      case 1: image = moved(image, shape) { y, x in (x, last - y) }
      case 2: image = moved(image, shape) { y, x in (last - y, last - x) }
      case 3: image = moved(image, shape) { y, x in (last - x, y) }
      default: break
      }
    }
    if settings.shift > 0 {
      let down = generator.index(below: 2 * settings.shift + 1) - settings.shift
      let right = generator.index(below: 2 * settings.shift + 1) - settings.shift
      image = moved(image, shape) { y, x in (y - down, x - right) }
    }
    if settings.noise > 0 {
      for i in image.indices { image[i] += Float(settings.noise) * generator.normal() }
    }
    if settings.cutout > 0 {
      let top = generator.index(below: shape.height) - settings.cutout / 2
      let left = generator.index(below: shape.width) - settings.cutout / 2
      for y in max(top, 0)..<min(max(top + settings.cutout, 0), shape.height) {
        for x in max(left, 0)..<min(max(left + settings.cutout, 0), shape.width) {
          let pixel = (y * shape.width + x) * shape.channels
          for channel in 0..<shape.channels { image[pixel + channel] = 0 }
        }
      }
    }
    return image
  }

  /// The image whose pixel at (y, x) is that of `image` at `source(y, x)`, or zero outside `image`.
  private func moved(
    _ image: [Float], _ shape: ImageShape, _ source: (Int, Int) -> (Int, Int)
  ) -> [Float] {
    var result = [Float](repeating: 0, count: image.count)
    for y in 0..<shape.height {
      for x in 0..<shape.width {
        let (fromY, fromX) = source(y, x)
        guard (0..<shape.height).contains(fromY), (0..<shape.width).contains(fromX) else {
          continue
        }
        let to = (y * shape.width + x) * shape.channels
        let from = (fromY * shape.width + fromX) * shape.channels
        for channel in 0..<shape.channels { result[to + channel] = image[from + channel] }
      }
    }
    return result
  }
}
