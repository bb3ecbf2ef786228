import HDF5
import TaskData
import Tensors
import Testing

/// Resizing against Pillow (Fixtures/make_datasets.py).
struct BilinearResizeTests {
  private let cases = 0..<9

  /// Bytes are Pillow's bit by bit: smaller, larger, odd sizes, one axis alone, one pixel.
  @Test(arguments: ["gray", "color"]) func bytes(kind: String) throws {
    let root = try HDF5File.open(fixture("datasets/resized.h5")).root
    for index in cases {
      let from = try root.dataset("\(index)/\(kind)/from")
      let to = try root.dataset("\(index)/\(kind)/to")
      let found = resize(from, to).apply(try from.read(as: UInt8.self))
      #expect(try found == to.read(as: UInt8.self), "\(from.shape) to \(to.shape)")
    }
  }

  /// Numbers are those of Pillow's mode F.
  @Test func numbers() throws {
    let root = try HDF5File.open(fixture("datasets/resized.h5")).root
    for index in cases {
      let from = try root.dataset("\(index)/float/from")
      let to = try root.dataset("\(index)/float/to")
      let found = resize(from, to).apply(try from.read(as: Float.self))
      #expect(try found == to.read(as: Float.self), "\(from.shape) to \(to.shape)")
    }
  }

  /// All sizes from 1 to 33 and one to five channels, against the triangle filter in double
  /// precision: what is rounded between the axes and in the weights moves a byte by at most 1.
  @Test(arguments: 1...5) func sizesAndChannels(channels: Int) {
    var state = UInt32(channels)
    for height in stride(from: 1, through: 33, by: 2) {
      let (width, newHeight, newWidth) = (34 - height, (height * 7) % 33 + 1, (height * 5) % 33 + 1)
      let pixels = (0..<height * width * channels).map { _ -> UInt8 in
        state = state &* 1_664_525 &+ 1_013_904_223
        return UInt8(state >> 24)
      }
      let resize = BilinearResize(
        ImageShape(height: height, width: width, channels: channels),
        to: ImageSize(height: newHeight, width: newWidth))
      let found = resize.apply(pixels)
      let (rows, columns) = (weights(height, newHeight), weights(width, newWidth))
      for index in found.indices {
        let (y, x) = (index / channels / newWidth, index / channels % newWidth)
        var exact = 0.0
        for (row, rowWeight) in rows[y].enumerated() where rowWeight > 0 {
          for (column, weight) in columns[x].enumerated() where weight > 0 {
            let place = (row * width + column) * channels + index % channels
            exact += rowWeight * weight * Double(pixels[place])
          }
        }
        guard abs(Double(found[index]) - exact) < 1.01 else {
          Issue.record("\(height)×\(width) to \(newHeight)×\(newWidth): \(found[index]), \(exact)")
          return
        }
      }
    }
  }

  /// The weights of all old pixels for each new pixel: a triangle around its center.
  private func weights(_ old: Int, _ new: Int) -> [[Double]] {
    let scale = Double(old) / Double(new)
    return (0..<new).map { index in
      let center = (Double(index) + 0.5) * scale - 0.5
      let heights = (0..<old).map { max(0, 1 - abs(Double($0) - center) / max(1, scale)) }
      let total = heights.reduce(0, +)
      return heights.map { $0 / total }
    }
  }

  /// Several images are resized each by itself.
  @Test func several() {
    let one = (0..<60).map { UInt8($0 * 4) }
    let other = (0..<60).map { UInt8(($0 * 37) % 256) }
    let resize = BilinearResize(
      ImageShape(height: 4, width: 5, channels: 3), to: ImageSize(height: 3, width: 7))
    #expect(resize.apply(one + other) == resize.apply(one) + resize.apply(other))
  }

  /// Sizes are read as height × width, or as the side of a square.
  @Test func sizes() {
    #expect(ImageSize("224x160") == ImageSize(height: 224, width: 160))
    #expect(ImageSize("32") == ImageSize(height: 32, width: 32))
    for text in ["", "x", "3x", "3x4x5", "a", "3,4"] { #expect(ImageSize(text) == nil) }
  }

  /// A set is resized when it is read, and stays bytes.
  @Test func whenRead() throws {
    var options = DatasetOptions()
    options.resize = ImageSize("3x6")
    let set = try DatasetFile.read(fixture("datasets/cats.h5"), options)
    #expect(set.train.shape == ImageShape(height: 3, width: 6, channels: 3))
    #expect(set.train.storageBytes == 6 * 54)
    let resize = BilinearResize(
      ImageShape(height: 5, width: 4, channels: 3), to: ImageSize(height: 3, width: 6))
    let bytes = resize.apply((0..<6 * 60).map { UInt8($0 % 251) })
    #expect(try set.train.pixels == bytes.map { Float($0) / 255 })
  }

  private func resize(_ from: HDF5Dataset, _ to: HDF5Dataset) -> BilinearResize {
    BilinearResize(
      ImageShape(
        height: from.shape[0], width: from.shape[1],
        channels: from.shape.count == 3 ? from.shape[2] : 1),
      to: ImageSize(height: to.shape[0], width: to.shape[1]))
  }
}
