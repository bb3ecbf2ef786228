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
  @Test func rows() throws {
    #expect(try images.image(1) == [2, 3])
    #expect(images.count == 3 && images.classCount == 2)
  }

  /// A selection has the images in the order asked for, repeats allowed.
  @Test func selection() throws {
    let chosen = images.selecting([2, 0, 2])
    #expect(try chosen.pixels == [4, 5, 0, 1, 4, 5])
    #expect(chosen.labels == [1, 1, 1])
    #expect(chosen.classNames == images.classNames)
  }

  /// Selections of selections share the pixels: they take no memory of their own.
  @Test func sharing() throws {
    let chosen = images.selecting([2, 0, 2]).selecting([1, 0])
    #expect(try chosen.pixels == [0, 1, 4, 5])
    #expect(chosen.storageBytes == images.storageBytes)
  }

  /// Some images of a selection enter the first rows of a buffer, decoded; the others are left.
  @Test(arguments: [PixelEncoding.unit, .synthetic]) func loading(encoding: PixelEncoding) throws {
    let images = LabeledImages(
      shape: ImageShape(height: 1, width: 2, channels: 1), bytes: [0, 51, 102, 153, 204, 255],
      encoding: encoding, labels: [1, 0, 1], classNames: ["a", "b"])
    let buffer = try TensorBuffer.activations(batch: 3, shape: images.shape)
    buffer.withStorage { storage in for index in 0..<6 { storage[index] = 9 } }
    try images.selecting([2, 1]).load([1, 0], into: buffer)
    let found = buffer.withStorage { Array($0[0..<6]) }
    #expect(found == encoding.decode([102, 153, 204, 255]) + [9, 9])
  }

  /// Selections know which rows of the identified set they are.
  @Test func origin() {
    let chosen = images.selecting([2, 1]).identified(as: "pair").selecting([1, 1])
    #expect(chosen.origin?.set == "pair" && chosen.origin?.rows == [1, 1])
  }

  /// The digest of a task depends on pixels, labels, class names, shape, and which set is which.
  @Test func digest() throws {
    func digest(
      _ pixels: [Float] = [0, 1, 2, 3, 4, 5], _ labels: [Int32] = [1, 0, 1],
      _ names: [String] = ["a", "b"], height: Int = 1, swapped: Bool = false
    ) throws -> String {
      let shape = ImageShape(height: height, width: 2 / height, channels: 1)
      let set = LabeledImages(shape: shape, pixels: pixels, labels: labels, classNames: names)
      let other = set.selecting([0])
      return try TaskDataset(name: "x", train: swapped ? other : set, test: swapped ? set : other)
        .digest
    }
    let digests = try [
      digest(), digest([0, 1, 2, 3, 4, 6]), digest([0, 1, 2, 3, 4, 5], [1, 1, 1]),
      digest([0, 1, 2, 3, 4, 5], [1, 0, 1], ["a", "c"]), digest(height: 2), digest(swapped: true),
    ]
    #expect(Set(digests).count == digests.count)
    #expect(try digest() == digests[0])
  }
}
