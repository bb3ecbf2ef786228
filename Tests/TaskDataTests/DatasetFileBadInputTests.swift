import HDF5
import Records
import TaskData
import TestSupport
import Testing

/// Every kind of labelled set that is refused: each an error with place, reason and remedy.
struct DatasetFileBadInputTests {
  /// A file that does not exist, and a file of labels that does not.
  @Test func missing() throws {
    let error = failure { _ = try DatasetFile.read("/nowhere/d.h5") }
    #expect(error?.kind == .inputMissing && error?.subject == "/nowhere/d.h5")
    var options = DatasetOptions()
    options.yFile = "/nowhere/y.h5"
    let other = failure { _ = try DatasetFile.read(try fixture("datasets/pcam_x.h5"), options) }
    #expect(other?.kind == .inputMissing && other?.subject == "/nowhere/y.h5")
  }

  /// No images or no labels of a usual name: what there is instead is named.
  @Test func unusualNames() throws {
    try expectBad(":/", "no images with a usual name; the file holds pictures, y", "`xKey`") {
      try $0.write([UInt8](repeating: 0, count: 64), shape: [4, 4, 4], to: "pictures")
      try labels($0)
    }
    try expectBad(":/", "no labels with a usual name; the file holds x", "`yFile`") {
      try images($0)
    }
  }

  /// Two candidates are named.
  @Test func ambiguous() throws {
    try expectBad(":/", "/data and /x could each be the images", "`xKey`") {
      try images($0)
      try $0.write([UInt8](repeating: 0, count: 64), shape: [4, 4, 4], to: "data")
      try labels($0)
    }
    try expectBad(":/", "/y and /train/labels could each be the labels", "`yKey`") {
      try images($0)
      try labels($0)
      try $0.write([0, 1, 0, 1], shape: [4], to: "train/labels")
    }
  }

  /// A key that leads nowhere.
  @Test func wrongKey() throws {
    try expectBad(":/pixels", "there is no 'pixels' in /", nil) {
      try images($0)
      try labels($0)
    } options: {
      $0.xKey = "pixels"
    }
  }

  /// Images of a shape that is none, and empty ones.
  @Test(arguments: [
    ([64], "is not [count"), ([2, 2, 2, 2, 4], "is not [count"), ([0, 4, 4], "empty"),
  ])
  func wrongShape(shape: [Int], reason: String) throws {
    try expectBad(":/x", reason, "Store") {
      try $0.write([UInt8](repeating: 0, count: shape.reduce(1, *)), shape: shape, to: "x")
      try labels($0)
    }
  }

  /// A layout that cannot be told.
  @Test(arguments: [([4, 3, 5, 3], "both axis 1 and the last"), ([4, 5, 5, 2], "neither axis 1")])
  func unclearLayout(shape: [Int], reason: String) throws {
    try expectBad(":/x", reason, "`layout`") {
      try $0.write([UInt8](repeating: 0, count: shape.reduce(1, *)), shape: shape, to: "x")
      try labels($0)
    }
  }

  /// Whole numbers that are no bytes, and pixels that are texts.
  @Test func integerPixels() throws {
    try expectBad(":/x", "int32, and image 2 has a pixel of 256", "float32") {
      let pixels = (0..<64).map { Int32($0 == 40 ? 256 : $0) }
      try $0.write(pixels, shape: [4, 4, 4], to: "x")
      try labels($0)
    }
    try expectBad(":/x", "its shape is [4]", "four axes") {
      try $0.write(["a", "b", "c", "d"], to: "x")
      try labels($0)
    }
  }

  /// Pixels that are no numbers: the image is named.
  @Test(arguments: [Float.nan, .infinity]) func notFinite(value: Float) throws {
    try expectBad(":/x", "image 2 has a pixel that is \(value)", "not finite") {
      var pixels = [Float](repeating: 0, count: 64)
      pixels[2 * 16 + 3] = value
      try $0.write(pixels, shape: [4, 4, 4], to: "x")
      try labels($0)
    }
  }

  /// Another number of labels than images.
  @Test func countMismatch() throws {
    try expectBad(":/y", "5 labels for 4 images", "one label") {
      try images($0)
      try $0.write([0, 1, 0, 1, 0], shape: [5], to: "y")
    }
  }

  /// Labels that are more than a label per image.
  @Test(arguments: [[2, 4], [4, 2, 2]]) func labelShape(shape: [Int]) throws {
    try expectBad(":/y", "its shape is \(shape)", "one-hot") {
      try images($0)
      try $0.write([Int](repeating: 1, count: shape.reduce(1, *)), shape: shape, to: "y")
    }
  }

  /// Codes that are not one-hot.
  @Test(arguments: [[1.0, 1], [0, 0], [0.5, 0.5]]) func notOneHot(code: [Double]) throws {
    try expectBad(":/y", "row 2 of [4, 2] is not a one-hot code", "one class number") {
      try images($0)
      try $0.write([1, 0, 0, 1] + code + [1, 0], shape: [4, 2], to: "y")
    }
  }

  /// Labels that are fractions, and texts without any.
  @Test func labelType() throws {
    try expectBad(":/y", "image 1 has the label 0.5", "class numbers") {
      try images($0)
      try $0.write([0, 0.5, 1, 1], shape: [4], to: "y")
    }
    try expectBad(":/y", "the label of image 2 is an empty text", "name of its class") {
      try images($0)
      try $0.write(["a", "b", "", "b"], to: "y")
    }
  }

  /// A single class.
  @Test func oneClass() throws {
    try expectBad(":/y", "fewer than two classes", "two classes") {
      try images($0)
      try $0.write([3, 3, 3, 3], shape: [4], to: "y")
    }
  }

  /// Values that differ everywhere are no classes.
  @Test func noClasses() throws {
    try expectBad(":/y", "each of the 4 examples has a different label", "several times") {
      try images($0)
      try $0.write([10, 25, 31, 48], shape: [4], to: "y")
    }
  }

  /// Class names that are not as many as the classes, and different lists of them.
  @Test func classNames() throws {
    let reason = "it has 3 names, but the labels have 2 classes, from 5 to 7"
    try expectBad(":/classes", reason, "`classesKey`") {
      try images($0)
      try $0.write([5, 7, 5, 7], shape: [4], to: "y")
      try $0.write(["a", "b", "c"], to: "classes")
    }
    try expectBad("", "/@class_names and /classes hold different", "`classesKey`") {
      try images($0)
      try labels($0)
      try $0.write(["a", "b"], to: "classes")
      try $0.attributes.write(["c", "d"], to: "class_names")
    }
    try expectBad("", "no dataset or attribute 'names'", "`classesKey`") {
      try images($0)
      try labels($0)
    } options: {
      $0.classesKey = "names"
    }
  }

  /// Test labels of a class that the training set does not have.
  @Test func unknownClass() throws {
    let reason = "image 0 has the label 2, which is none of the classes 0, 1"
    try expectBad(":/y_test", reason, "Correct") {
      try images($0)
      try labels($0)
      try $0.write([UInt8](repeating: 0, count: 16), shape: [1, 4, 4], to: "x_test")
      try $0.write([2], shape: [1], to: "y_test")
    }
  }

  /// Test images of another size.
  @Test func differentShapes() throws {
    try expectBad(":/x_test", "8×2×1, but the training images are 4×4×1", "`resize`") {
      try images($0)
      try labels($0)
      try $0.write([UInt8](repeating: 0, count: 16), shape: [1, 8, 2], to: "x_test")
      try $0.write([1], shape: [1], to: "y_test")
    }
  }

  /// Classes that a model does not have.
  @Test func modelClasses() throws {
    let error = failure {
      _ = try DatasetFile.read(try fixture("datasets/digits.h5"), classes: ["5", "6", "7", "8"])
    }
    #expect(error?.reason.contains("the class 9 is not among those of the model, 5, 6") == true)
  }

  /// Options that the images do not allow.
  @Test func unfitOptions() throws {
    func refused(
      _ name: String, _ option: String, _ reason: String,
      _ change: (inout DatasetOptions) -> Void
    ) throws {
      var options = DatasetOptions()
      change(&options)
      let path = try fixture("datasets/\(name).h5")
      let error = failure { _ = try DatasetFile.read(path, options) }
      #expect(error?.kind == .usage && error?.subject == option, "\(error as Any)")
      #expect(error?.reason.contains(reason) == true, "\(error as Any)")
    }
    try refused("features", "`resize`", "feature vectors") { $0.resize = ImageSize("8") }
    try refused("features", "`channels`", "feature vectors") { $0.channels = 3 }
    try refused("case", "`preprocess`", "caffe is for three channels") { $0.preprocess = .caffe }
    try refused("cats", "`channels`", "3 channels, which cannot become 1") { $0.channels = 1 }
    try refused("case", "`resize`", "not within 1...4096") { $0.resize = ImageSize("0x4") }
    try refused("case", "`channels`", "1, 3 or 4") { $0.channels = 2 }
    try refused("case", "`limit`", "too few") { $0.limit = 1 }
    try refused("case", "`xKey`", "names no dataset") { $0.xKey = "/" }
  }

  /// Floats that are scaled already are not preprocessed again: below 0, and up to 1 at most.
  @Test func scaledAlready() throws {
    let reason = "a pixel that is -0.5, but preprocessing takes values in 0...255"
    try expectBad(":/x", reason, "Omit `preprocess`") {
      try $0.write([Float](repeating: -0.5, count: 64), shape: [4, 4, 4], to: "x")
      try labels($0)
    } options: {
      $0.preprocess = .tf
    }
    try withTemporaryFolder { folder in
      let path = try written(to: folder) {
        try $0.write([Float](repeating: 0.75, count: 64), shape: [4, 4, 4], to: "x")
        try labels($0)
      }
      var options = DatasetOptions()
      options.preprocess = .unit
      let error = failure { _ = try DatasetFile.read(path, options) }
      #expect(error?.subject == "`preprocess`")
      #expect(error?.reason.contains("reach only 0.75") == true)
    }
  }

  private func images(_ root: HDF5Group) throws {
    try root.write([UInt8](repeating: 7, count: 64), shape: [4, 4, 4], to: "x")
  }

  private func labels(_ root: HDF5Group) throws {
    try root.write([0, 1, 0, 1], shape: [4], to: "y")
  }

  private func written(to folder: String, _ content: (HDF5Group) throws -> Void) throws -> String {
    let path = "\(folder)/d.h5"
    let file = try HDF5File.create(path)
    try content(file.root)
    try file.close()
    return path
  }

  private func expectBad(
    _ object: String, _ reason: String, _ remedy: String?,
    location: SourceLocation = #_sourceLocation, _ content: (HDF5Group) throws -> Void,
    options change: (inout DatasetOptions) -> Void = { _ in }
  ) throws {
    try withTemporaryFolder { folder in
      let path = try written(to: folder, content)
      var options = DatasetOptions()
      change(&options)
      let error = failure { _ = try DatasetFile.read(path, options) }
      #expect(error?.kind == .badData, "\(error as Any)", sourceLocation: location)
      #expect(error?.subject == path + object, sourceLocation: location)
      #expect(error?.reason.contains(reason) == true, "\(error as Any)", sourceLocation: location)
      if let remedy {
        let isThere = error?.remedy?.contains(remedy) == true
        #expect(isThere, "\(error as Any)", sourceLocation: location)
      }
    }
  }
}
