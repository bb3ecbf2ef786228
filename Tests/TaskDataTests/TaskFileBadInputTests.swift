import Foundation
import HDF5
import Records
import TaskData
import TestSupport
import Testing

/// Every kind of bad file, each an error with file, object, reason and remedy.
struct TaskFileBadInputTests {
  /// A file that does not exist.
  @Test func missing() {
    let error = failure { _ = try TaskFile.read("/nowhere/t.h5") }
    #expect(error?.kind == .inputMissing)
    #expect(error?.subject == "/nowhere/t.h5")
    #expect(error?.remedy != nil)
  }

  /// A folder in place of a file.
  @Test func folder() throws {
    try withTemporaryFolder { folder in
      #expect(failure { _ = try TaskFile.read(folder) }?.kind == .inputMissing)
    }
  }

  /// A file that is not HDF5.
  @Test func notHDF5() throws {
    try withTemporaryFolder { folder in
      try Data("image,label\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/t.h5"))
      let error = failure { _ = try TaskFile.read("\(folder)/t.h5") }
      #expect(error?.kind == .badData)
      #expect(error?.reason == "it is not an HDF5 file")
    }
  }

  /// A file cut off at any of many places.
  @Test func truncated() throws {
    try withTemporaryFolder { folder in
      let url = URL(fileURLWithPath: "\(folder)/t.h5")
      try TaskFile.write(smallTarget(), to: url.path)
      let whole = try Data(contentsOf: url)
      for share in 1..<20 {
        try whole.prefix(whole.count * share / 20).write(to: url)
        #expect(failure { _ = try TaskFile.read(url.path) }?.kind == .badData)
      }
    }
  }

  /// A missing dataset is named, with what is there instead.
  @Test(arguments: ["train/x", "train/y", "test/x", "test/y"]) func missingObject(name: String)
    throws
  {
    try expectBad("/" + name, reason: "there is no") { $0.left = [name] }
  }

  /// Pixels with too few or too many axes.
  @Test(arguments: [[256], [4, 64], [4, 2, 2, 4, 4]]) func wrongRank(shape: [Int]) throws {
    try expectBad("/train/x", reason: "\(shape)") { $0.trainShape = shape }
  }

  /// An empty set.
  @Test func empty() throws {
    try expectBad("/train/x", reason: "empty") {
      ($0.trainShape, $0.pixels, $0.labels) = ([0, 8, 8, 1], [], [])
    }
  }

  /// More labels than images.
  @Test func countMismatch() throws {
    try expectBad("/train/y", reason: "5 labels for 4 images") { $0.labels = [0, 1, 0, 1, 0] }
  }

  /// Labels outside the classes, above and below.
  @Test(arguments: [2, -1]) func labelOutOfRange(label: Int32) throws {
    try expectBad("/train/y", reason: "image 3 has the label \(label)") {
      $0.labels = [0, 1, 0, label]
    }
  }

  /// Without class names, labels that cannot be class numbers.
  @Test func hugeLabel() throws {
    try expectBad("/train/y", reason: "reach 1000000") {
      ($0.labels, $0.classNames) = ([0, 1, 0, 1_000_000], nil)
    }
  }

  /// Fewer than two classes, by name or by label.
  @Test(arguments: [["one"], [], nil]) func oneClass(names: [String]?) throws {
    try expectBad("/train/y", reason: "fewer than two classes") {
      ($0.labels, $0.classNames) = ([0, 0, 0, 0], names)
    }
  }

  /// Labels that are not integers.
  @Test func floatLabels() throws {
    try expectBad("/train/y", reason: "not integers") { $0.labelsAreFloats = true }
  }

  /// Pixels that are not numbers or infinite: the image is named.
  @Test(arguments: [Float.nan, .infinity, -.infinity]) func notFinite(value: Float) throws {
    try expectBad("/train/x", reason: "image 2 has a pixel that is \(value)") {
      $0.pixels[2 * 64 + 5] = value
    }
  }

  /// Whole numbers that are no bytes.
  @Test func integerPixels() throws {
    try expectBad("/train/x", reason: "int32, and image 0 has a pixel of -1") {
      $0.pixels[5] = -1
      $0.pixelsAreIntegers = true
    }
  }

  /// Test images of another size than the training images.
  @Test func differentShapes() throws {
    try expectBad("/test/x", reason: "8×8×1") { $0.trainShape = [4, 16, 4, 1] }
  }

  /// A scale that makes all bytes the same.
  @Test func zeroScale() throws {
    try expectBad("/train/x", reason: "scale_factor 0") { $0.scale = 0 }
  }

  /// A similarity that is none.
  @Test func similarity() throws {
    try expectBad("/@similarity", reason: "1.5 is outside 0...1") { $0.similarity = 1.5 }
  }

  /// Content that does not have the digest the file names.
  @Test func digest() throws {
    try expectBad("/@digest", reason: "changed or damaged") {
      $0.digest = String(repeating: "0", count: 64)
    }
  }

  /// The file that the cases above change is good as it is.
  @Test func good() throws {
    try withTemporaryFolder { folder in
      try FileContent().write(to: "\(folder)/t.h5")
      let task = try TaskFile.read("\(folder)/t.h5")
      #expect(task.train.count == 4 && task.test.count == 4)
    }
  }

  private func expectBad(
    _ object: String, reason: String, location: SourceLocation = #_sourceLocation,
    _ change: (inout FileContent) -> Void
  ) throws {
    try withTemporaryFolder { folder in
      var content = FileContent()
      change(&content)
      try content.write(to: "\(folder)/t.h5")
      let error = failure { _ = try TaskFile.read("\(folder)/t.h5") }
      #expect(error?.kind == .badData, sourceLocation: location)
      #expect(error?.subject == "\(folder)/t.h5:\(object)", sourceLocation: location)
      #expect(error?.reason.contains(reason) == true, "\(error as Any)", sourceLocation: location)
      #expect(error?.remedy?.isEmpty == false, sourceLocation: location)
    }
  }
}

/// A dataset file of 4 images of 8×8 that can be spoilt in one respect.
private struct FileContent {
  var trainShape = [4, 8, 8, 1]
  var pixels = [Float](repeating: 0.5, count: 256)
  var labels: [Int32] = [0, 1, 0, 1]
  var classNames: [String]? = ["a", "b"]
  var labelsAreFloats = false
  var pixelsAreIntegers = false
  var scale: Float?
  var similarity: Double?
  var digest: String?
  /// Datasets left out.
  var left: Set<String> = []

  func write(to path: String) throws {
    let file = try HDF5File.create(path)
    if !left.contains("train/x") { try writeTrainPixels(to: file.root) }
    if !left.contains("train/y") {
      if labelsAreFloats {
        try file.root.write(labels.map(Float.init), shape: [labels.count], to: "train/y")
      } else {
        try file.root.write(labels, shape: [labels.count], to: "train/y")
      }
    }
    if !left.contains("test/x") {
      try file.root.write([Float](repeating: 0, count: 256), shape: [4, 8, 8, 1], to: "test/x")
    }
    if !left.contains("test/y") { try file.root.write([0, 1, 0, 0], shape: [4], to: "test/y") }
    if let classNames { try file.root.attributes.write(classNames, to: "class_names") }
    if let similarity { try file.root.attributes.write(similarity, to: "similarity") }
    if let digest { try file.root.attributes.write(digest, to: "digest") }
    try file.close()
  }

  private func writeTrainPixels(to root: HDF5Group) throws {
    if pixelsAreIntegers {
      try root.write(pixels.map { Int32($0) }, shape: trainShape, to: "train/x")
    } else if let scale {
      let x = try root.write(pixels.map { UInt8($0) }, shape: trainShape, to: "train/x")
      try x.attributes.write(scale, to: "scale_factor")
    } else {
      try root.write(pixels, shape: trainShape, to: "train/x")
    }
  }
}
