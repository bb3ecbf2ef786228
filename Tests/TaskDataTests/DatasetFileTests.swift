import HDF5
import Records
import TaskData
import Tensors
import TestSupport
import Testing

/// Labelled sets as other tools write them (Fixtures/make_datasets.py).
struct DatasetFileTests {
  /// Labels in a second file, with four axes, as PatchCamelyon has them.
  @Test func secondFile() throws {
    let set = try read("pcam_x") { $0.yFile = try fixture("datasets/pcam_y.h5") }
    #expect(set.train.shape == ImageShape(height: 5, width: 4, channels: 3))
    #expect(set.train.labels == [0, 1, 0, 1, 1, 0])
    #expect(try set.train.pixels == ramp(6 * 60).map { $0 / 255 })
    #expect(set.test == nil && set.name == "pcam_x")
  }

  /// Prefixed names, labels in one row, a test set and class names of fixed length.
  @Test func prefixedNames() throws {
    let set = try read("cats")
    #expect(set.train.classNames == ["non-cat", "cat"])
    #expect(set.train.labels == [0, 1, 0, 1, 1, 0] && set.test?.labels == [1, 0, 1])
    #expect(try set.test?.pixels == ramp(3 * 60).map { $0 / 255 })
  }

  /// Labels that do not begin at 0 are numbered from 0.
  ///
  /// Their numbers become the class names, and a note says so. Floats are left as they are.
  @Test func labelsNotFromZero() throws {
    let set = try read("digits")
    #expect(set.train.classNames == ["5", "6", "7", "8", "9"])
    #expect(set.train.labels == (0..<20).map { Int32($0 % 5) })
    #expect(set.notes.contains { $0.contains("5, 6, 7, 8, 9 are numbered from 0") })
    #expect(try set.train.pixels == (0..<20 * 64).map { Float($0 % 17) })
  }

  /// Channels first are moved to the last place, which is noted; one-hot labels are class numbers.
  @Test(arguments: [ImageLayout.auto, .nchw]) func channelsFirst(layout: ImageLayout) throws {
    let set = try read("nchw") { $0.layout = layout }
    #expect(set.train.shape == ImageShape(height: 5, width: 7, channels: 3))
    #expect(set.train.labels == [0, 1, 1, 0, 1, 0])
    let stored = ramp(6 * 105)
    let expected = (0..<6 * 105).map { index in
      let (image, pixel, channel) = (index / 105, index % 105 / 3, index % 3)
      return stored[image * 105 + channel * 35 + pixel] / 255
    }
    #expect(try set.train.pixels == expected)
    #expect(set.notes.contains { $0.contains("come first") } == (layout == .auto))
  }

  /// Feature vectors are images of one pixel; booleans and half-precision numbers are read.
  @Test func featureVectors() throws {
    let set = try read("features")
    #expect(set.train.shape == ImageShape(height: 1, width: 1, channels: 7))
    #expect(set.train.labels == [1, 0, 1, 0, 1, 0, 1, 0])
    #expect(try set.train.pixels == (0..<56).map { Float($0) / 8 })
  }

  /// Names of another case, whole floats as labels, class names in an attribute.
  @Test func otherCase() throws {
    let set = try read("case")
    #expect(set.train.classNames == ["a", "b", "größe"])
    #expect(set.train.labels == [0, 1, 2, 0, 1, 2] && set.test?.labels == [2, 1, 0])
    #expect(set.train.shape == ImageShape(height: 4, width: 4, channels: 1))
  }

  /// Groups of parts, of which the validation part is kept apart.
  @Test func groups() throws {
    let set = try read("groups")
    #expect(set.train.count == 6 && set.validation?.count == 2 && set.test?.count == 4)
    #expect(set.train.classNames == ["no", "yes"])
  }

  /// Keys name the training part; the other parts are found where the same name has theirs.
  @Test func keys() throws {
    let set = try read("groups") { ($0.xKey, $0.yKey) = ("Train/images", "Train/labels") }
    #expect(set.train.count == 6 && set.validation == nil && set.test == nil)
    let other = try read("cats") { $0.xKey = "train_set_x" }
    #expect(other.test?.count == 3)
  }

  /// A file of tlbench's is the task that it is, digest included.
  @Test(arguments: [PixelEncoding.synthetic, .unit]) func native(encoding: PixelEncoding) throws {
    let shape = ImageShape(height: 2, width: 2, channels: 2)
    let images = LabeledImages(
      shape: shape, bytes: (0..<32).map { UInt8($0 * 8) }, encoding: encoding,
      labels: [0, 1, 1, 0], classNames: ["a", "b"])
    let task = try TaskDataset(name: "t", train: images, test: images.selecting([1, 0]))
    try withTemporaryFolder { folder in
      try TaskFile.write(task, to: "\(folder)/t.h5")
      let set = try DatasetFile.read("\(folder)/t.h5")
      #expect(set.digest == task.digest)
      #expect(try set.train.pixels == images.pixels)
      let again = try set.task()
      #expect(again.digest == task.digest && again.split == nil)
    }
  }

  /// Grayscale becomes color by repetition.
  @Test func grayToColor() throws {
    let gray = try read("case").train
    let color = try read("case") { $0.channels = 3 }.train
    #expect(color.shape == ImageShape(height: 4, width: 4, channels: 3))
    #expect(try color.pixels == gray.pixels.flatMap { [$0, $0, $0] })
    #expect(color.storageBytes == gray.storageBytes)
  }

  /// A fourth channel is left out where three are asked for, which is noted.
  @Test func alpha() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.h5"
      let file = try HDF5File.create(path)
      try file.root.write((0..<32).map { UInt8($0) }, shape: [4, 2, 1, 4], to: "x")
      try file.root.write([0, 1, 0, 1], shape: [4], to: "y")
      try file.close()
      var options = DatasetOptions()
      options.channels = 3
      options.preprocess = Preprocessing.none
      let set = try DatasetFile.read(path, options)
      #expect(try set.train.image(0) == [0, 1, 2, 4, 5, 6])
      #expect(set.notes.contains { $0.contains("fourth channel") })
    }
  }

  /// A limit keeps every class in proportion.
  @Test func limit() throws {
    let train = try read("digits") { $0.limit = 10 }.train
    #expect(train.count == 10)
    #expect((0..<5).allSatisfy { label in train.labels.count { $0 == label } == 2 })
  }

  /// The classes of a model order the labels by their names.
  @Test func modelClasses() throws {
    let set = try DatasetFile.read(
      fixture("datasets/digits.h5"), classes: ["9", "8", "7", "6", "5", "4"])
    #expect(set.train.labels.prefix(5) == [4, 3, 2, 1, 0])
    #expect(set.train.classCount == 6)
  }

  /// Images without labels can be read alone.
  @Test func unlabeled() throws {
    let images = try DatasetFile.readUnlabeled(fixture("datasets/pcam_x.h5")).train
    #expect(images.count == 6 && images.classNames == ["unlabeled"])
    #expect(try images.pixels == ramp(6 * 60).map { $0 / 255 })
  }

  /// What changes the pixels changes the digest; what does not leaves it.
  @Test func digest() throws {
    let digests = [
      try read("cats").digest,
      try read("cats") { $0.preprocess = .tf }.digest,
      try read("cats") { $0.resize = ImageSize("3") }.digest,
      try read("cats") { $0.limit = 4 }.digest,
    ]
    #expect(Set(digests).count == 4)
    #expect(try read("cats") { $0.layout = .nhwc }.digest == digests[0])
  }

  private func read(
    _ name: String, _ change: (inout DatasetOptions) throws -> Void = { _ in }
  ) throws -> LabeledDataset {
    var options = DatasetOptions()
    try change(&options)
    return try DatasetFile.read(fixture("datasets/\(name).h5"), options)
  }

  private func ramp(_ count: Int) -> [Float] { (0..<count).map { Float($0 % 251) } }
}
