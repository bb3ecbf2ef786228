import HDF5
import TaskData
import Tensors
import TestSupport
import Testing

/// Preprocessing against Keras (Fixtures/make_datasets.py), for every byte in every channel.
struct PreprocessingTests {
  /// Bytes become what Keras makes of them, bit by bit.
  @Test(arguments: [Preprocessing.tf, .torch, .caffe]) func bytes(mode: Preprocessing) throws {
    let path = try fixture("datasets/preprocessed.h5")
    let images = try read(path, mode)
    let expected = try HDF5File.open(path).root.dataset("expected/\(mode.rawValue)")
    #expect(try images.image(3) == expected.read(as: Float.self))
  }

  /// Floats of 0 to 255 become the same as bytes.
  @Test(arguments: Preprocessing.allCases) func floats(mode: Preprocessing) throws {
    let path = try fixture("datasets/preprocessed.h5")
    let bytes = try HDF5File.open(path).root.dataset("x")
    try withTemporaryFolder { folder in
      let file = try HDF5File.create("\(folder)/f.h5")
      try file.root.write(try bytes.read(as: Float.self), shape: bytes.shape, to: "x")
      try file.root.write([0, 1, 0, 1], shape: [4], to: "y")
      try file.close()
      #expect(try read("\(folder)/f.h5", mode).pixels == read(path, mode).pixels)
    }
  }

  /// `none` leaves bytes as they are, `unit` divides them by 255, as is done by default.
  @Test func plain() throws {
    let path = try fixture("datasets/preprocessed.h5")
    let bytes = try HDF5File.open(path).root.dataset("x").read(as: Float.self)
    #expect(try read(path, Preprocessing.none).pixels == bytes)
    #expect(try read(path, .unit).pixels == bytes.map { $0 / 255 })
    #expect(try read(path, nil).pixels == bytes.map { $0 / 255 })
  }

  /// Preprocessing replaces the scale attributes of bytes.
  @Test func scaleAttributes() throws {
    try withTemporaryFolder { folder in
      let file = try HDF5File.create("\(folder)/s.h5")
      let x = try file.root.write([UInt8]([0, 51, 102, 255]), shape: [2, 2, 1, 1], to: "x")
      try x.attributes.write(Float(0.5), to: "scale_factor")
      try file.root.write([0, 1], shape: [2], to: "y")
      try file.close()
      #expect(try read("\(folder)/s.h5", nil).pixels == [0, 25.5, 51, 127.5])
      #expect(try read("\(folder)/s.h5", .unit).pixels == [0, 0.2, 0.4, 1])
    }
  }

  /// Grayscale images are preprocessed like color images of three equal channels.
  @Test func grayToColor() throws {
    try withTemporaryFolder { folder in
      let file = try HDF5File.create("\(folder)/g.h5")
      let gray: [UInt8] = [0, 51, 102, 255]
      try file.root.write(gray, shape: [2, 2, 1, 1], to: "gray/x")
      try file.root.write(gray.flatMap { [$0, $0, $0] }, shape: [2, 2, 1, 3], to: "color/x")
      for group in ["gray", "color"] {
        try file.root.write([0, 1], shape: [2], to: "\(group)/y")
      }
      try file.close()
      for mode in Preprocessing.allCases {
        var options = DatasetOptions()
        options.preprocess = mode
        options.channels = 3
        options.xKey = "gray/x"
        let gray = try DatasetFile.read("\(folder)/g.h5", options)
        options.xKey = "color/x"
        #expect(try gray.train.pixels == DatasetFile.read("\(folder)/g.h5", options).train.pixels)
      }
    }
  }

  /// A preprocessed set can be written; it is then a set of numbers.
  @Test func written() throws {
    let images = try read(fixture("datasets/preprocessed.h5"), .caffe)
    let task = try TaskDataset(name: "t", train: images, test: images)
    try withTemporaryFolder { folder in
      try TaskFile.write(task, to: "\(folder)/t.h5")
      let root = try HDF5File.open("\(folder)/t.h5").root
      #expect(try root.dataset("train/x").read(as: Float.self) == images.pixels)
    }
  }

  private func read(_ path: String, _ mode: Preprocessing?) throws -> LabeledImages {
    var options = DatasetOptions()
    options.preprocess = mode
    return try DatasetFile.read(path, options).train
  }
}
