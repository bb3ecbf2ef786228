import Foundation
import HDF5
import Records
import TaskData
import Tensors
import TestSupport
import Testing

/// Tasks that cannot be used: a sweep says why and leaves them as they are.
struct DatasetInputTests {
  let workspace: Workspace
  private let file = Workspace.task

  init() throws {
    workspace = try Workspace()
    try workspace.addWeights()
  }

  private func expectRefusal(
    exitCode: Int32 = 65, object: String = "", saying reason: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try workspace.expectRefusal(
      Workspace.sweep(), exitCode: exitCode, saying: "\(file)\(object): ", reason,
      sourceLocation: sourceLocation)
  }

  /// Images of one shade, as the file of the task `target-high-r0` and with its recipe.
  private func addImages(
    shape: ImageShape = ImageShape(height: 16, width: 16, channels: 1), pixel: Float = 0.5,
    labels: [Int32], name: String = "target-high-r0",
    settings: TaskSettings = TaskSettings()
  ) throws {
    let images = LabeledImages(
      shape: shape, pixels: [Float](repeating: pixel, count: labels.count * shape.count),
      labels: labels, classNames: (0..<10).map { "class-\($0)" })
    try TaskFile.write(
      try TaskDataset(
        name: name, train: images, test: images, similarity: 1,
        recipe: SyntheticTask.recipe(settings, similarity: .high, replicate: 0)),
      to: workspace.path(file))
  }

  private static let balanced = (0..<40).map { Int32($0 % 10) }

  /// A folder of tasks that does not exist is a missing input.
  @Test func missingFolder() throws {
    try workspace.expectRefusal(
      Workspace.sweep("--tasks", "elsewhere"), exitCode: 66,
      saying: "elsewhere: it does not exist", "mkdir -p")
  }

  /// A file in place of the folder of tasks is a missing input.
  @Test func fileAsFolder() throws {
    try workspace.expectRefusal(
      Workspace.sweep("--tasks", "Datasets/simple.weights.h5"), exitCode: 66,
      saying: "it is not a folder")
  }

  /// A task that is no HDF5 is bad data.
  @Test(arguments: ["", "image,label\n"])
  func notHDF5(text: String) throws {
    try workspace.write(Data(text.utf8), to: file)
    try expectRefusal(saying: "it is not an HDF5 file")
  }

  /// Of several tasks that cannot be used the first of the plan is named, whatever the jobs.
  @Test(arguments: [1, 4]) func firstOfSeveral(jobs: Int) throws {
    for replicate in 1...3 {
      try workspace.write(Data("text".utf8), to: "Datasets/target-high-r\(replicate).h5")
    }
    try workspace.addTask()
    try workspace.expectRefusal(
      Workspace.sweep("--replicates", "4", "--jobs", "\(jobs)"), exitCode: 65,
      saying: "target-high-r1.h5: ", "it is not an HDF5 file")
  }

  /// A folder in place of a task is a missing input.
  @Test func folder() throws {
    try FileManager.default.createDirectory(
      atPath: workspace.path(file), withIntermediateDirectories: false)
    try expectRefusal(exitCode: 66, saying: "it is not a regular file")
  }

  /// A task cut off anywhere is bad data.
  @Test(arguments: [64, 1000, 100_000, 1_000_000, -1])
  func truncated(length: Int) throws {
    try workspace.addTask()
    let whole = try workspace.bytes(of: file)
    try workspace.write(whole.prefix(length < 0 ? whole.count + length : length), to: file)
    try expectRefusal(saying: "it is cut off or damaged")
  }

  /// Another kind of HDF5 file is refused by what it lacks.
  @Test func anotherKind() throws {
    try workspace.addWeights(as: file)
    try expectRefusal(object: ":/train/x", saying: "there is no 'train'")
  }

  /// A pixel that is not a number is named by its image.
  @Test func notFinite() throws {
    try addImages(pixel: .nan, labels: Self.balanced)
    try expectRefusal(object: ":/train/x", saying: "image 0 has a pixel that is nan")
  }

  /// Images with a wrong number of axes are refused with their shape.
  @Test func wrongAxes() throws {
    let output = try HDF5File.create(workspace.path(file))
    for set in ["train", "test"] {
      try output.root.write([Float](repeating: 0, count: 512), shape: [2, 256], to: "\(set)/x")
      try output.root.write([Int32(0), 1], shape: [2], to: "\(set)/y")
    }
    try output.close()
    try expectRefusal(object: ":/train/x", saying: "its shape is [2, 256]")
  }

  /// Images of another size than the weights were trained on are refused with both sizes.
  @Test func otherImages() throws {
    try addImages(
      shape: ImageShape(height: 8, width: 8, channels: 1), labels: Self.balanced)
    try expectRefusal(object: ":/train/x", saying: "8×8×1, the weights were trained on 16×16×1")
  }

  /// A label without a class is named by its image.
  @Test(arguments: [2, -1])
  func labelOutOfRange(label: Int32) throws {
    let output = try HDF5File.create(workspace.path(file))
    for set in ["train", "test"] {
      try output.root.write(
        [Float](repeating: 0, count: 512), shape: [2, 16, 16, 1], to: "\(set)/x")
      try output.root.write([0, label], shape: [2], to: "\(set)/y")
    }
    try output.root.attributes.write(["a", "b"], to: "class_names")
    try output.close()
    try expectRefusal(object: ":/train/y", saying: "image 1 has the label \(label)")
  }

  /// A size above the largest balanced choice of a task is a usage error that names that choice.
  @Test func unbalanced() throws {
    // Of nine classes there are four examples, of the last one a single one.
    let labels = (0..<36).map { Int32($0 % 9) } + [9]
    try addImages(labels: labels)
    try expectRefusal(
      exitCode: 64, object: ":/train/y",
      saying: "the largest class-balanced choice has 19 of the 37 examples\n  Choose a size")
  }

  /// A task of other settings than the command line's is not used.
  @Test func otherSettings() throws {
    var settings = TaskSettings()
    settings.seed = 2
    try addImages(labels: Self.balanced, settings: settings)
    try expectRefusal(saying: "made with other settings")
  }

  /// A task that is called otherwise than its file is not used.
  @Test func otherName() throws {
    try addImages(labels: Self.balanced, name: "target-low-r0")
    try expectRefusal(saying: "renamed")
  }

  /// A task changed after it was written is refused by its digest.
  @Test func changed() throws {
    try addImages(labels: Self.balanced)
    let whole = try HDF5File.open(workspace.path(file)).root
    let attributes = whole.attributes
    let (names, digest) = (
      try attributes.readStrings("class_names"), try attributes.readString("digest")
    )
    let changed = try HDF5File.create(workspace.path("changed.h5"))
    for set in ["train", "test"] {
      let labels = try whole.dataset("\(set)/y").read(as: Int32.self)
      let images = try whole.dataset("\(set)/x")
      var pixels = try images.read(as: Float.self)
      pixels[0] += 0.01
      try changed.root.write(pixels, shape: images.shape, to: "\(set)/x")
      try changed.root.write(labels, shape: [labels.count], to: "\(set)/y")
    }
    try changed.root.attributes.write(names, to: "class_names")
    try changed.root.attributes.write(digest, to: "digest")
    try changed.close()
    try workspace.write(workspace.bytes(of: "changed.h5"), to: file)
    try expectRefusal(object: ":/@digest", saying: "it was changed or damaged")
  }
}
