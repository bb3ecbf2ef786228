import TaskData
import Tensors
import Testing

struct PixelEncodingTests {
  /// Generated images have 0 on byte 128 and reach from -4 to just under 4.
  @Test func synthetic() {
    let values = PixelEncoding.synthetic.decodedValues
    #expect(values[128] == 0)
    #expect(values.first == -4 && values.last == 3.96875)
  }

  /// Values are rounded to the nearest step and clipped to the range.
  @Test func encoding() {
    #expect(PixelEncoding.synthetic.encode([-9, 0.016, 0.015, 9, .nan]) == [0, 129, 128, 255, 0])
    #expect(PixelEncoding.unit.encode([-1, 0, 1, 2]) == [0, 0, 255, 255])
  }

  /// Every byte survives decoding and encoding, unless scale and offset make that impossible.
  @Test func reversible() {
    #expect(PixelEncoding.synthetic.isReversible)
    #expect(PixelEncoding.unit.isReversible)
    #expect(PixelEncoding.scaled(scale: 0.017, offset: -2.1).isReversible)
    #expect(!PixelEncoding.scaled(scale: 0, offset: 1).isReversible)
    #expect(!PixelEncoding.scaled(scale: 1e-9, offset: 1).isReversible)
    #expect(!PixelEncoding.scaled(scale: .nan, offset: 0).isReversible)
    #expect(!PixelEncoding.scaled(scale: .infinity, offset: 0).isReversible)
  }
}

struct LabeledImagesTests {
  private let images = LabeledImages(
    shape: ImageShape(height: 1, width: 2, channels: 1), pixels: [0, 1, 2, 3, 4, 5],
    labels: [1, 0, 1], classNames: ["a", "b"])

  /// An image is a row of the pixel array, `[count, height, width, channels]`.
  @Test func rows() {
    #expect(Array(images.image(1)) == [2, 3])
    #expect(images.count == 3 && images.classCount == 2)
  }

  /// A selection has the images in the order asked for, repeats allowed.
  @Test func selection() {
    let chosen = images.selecting([2, 0, 2])
    #expect(chosen.pixels == [4, 5, 0, 1, 4, 5])
    #expect(chosen.labels == [1, 1, 1])
    #expect(chosen.classNames == images.classNames)
  }

  /// The digest of a task depends on pixels, labels, class names, shape, and which set is which.
  @Test func digest() {
    func digest(
      _ pixels: [Float] = [0, 1, 2, 3, 4, 5], _ labels: [Int32] = [1, 0, 1],
      _ names: [String] = ["a", "b"], height: Int = 1, swapped: Bool = false
    ) -> String {
      let shape = ImageShape(height: height, width: 2 / height, channels: 1)
      let set = LabeledImages(shape: shape, pixels: pixels, labels: labels, classNames: names)
      let other = set.selecting([0])
      return TaskDataset(name: "x", train: swapped ? other : set, test: swapped ? set : other)
        .digest
    }
    let digests = [
      digest(), digest([0, 1, 2, 3, 4, 6]), digest([0, 1, 2, 3, 4, 5], [1, 1, 1]),
      digest([0, 1, 2, 3, 4, 5], [1, 0, 1], ["a", "c"]), digest(height: 2), digest(swapped: true),
    ]
    #expect(Set(digests).count == digests.count)
    #expect(digest() == digests[0])
  }
}
