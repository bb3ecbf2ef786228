import Foundation
import Records
import TaskData
import Tensors
import Testing
import Transfer

/// Images and labels from arrays and files.
struct LibraryImagesTests {
  private let shape = ImageShape(height: 2, width: 2, channels: 1)

  private func error(
    pixels: [Float] = [Float](repeating: 0.5, count: 8), labels: [Int] = [0, 1],
    shape: ImageShape? = nil, classCount: Int = 2
  ) -> TransferError? {
    libraryError {
      _ = try LabeledImages(
        pixels: pixels, labels: labels, shape: shape ?? self.shape, classCount: classCount)
    }
  }

  /// What is valid is taken as it is.
  @Test func valid() throws {
    let images = try LabeledImages(
      pixels: [1, 2, 3, 4, 5, 6, 7, 8], labels: [1, 0], shape: shape, classCount: 2)
    #expect(try images.pixels == [1, 2, 3, 4, 5, 6, 7, 8] && images.labels == [1, 0])
    #expect(images.count == 2 && images.classCount == 2 && images.shape == shape)
  }

  /// Fewer than two classes.
  @Test(arguments: [1, 0, -3]) func tooFewClasses(count: Int) {
    #expect(error(classCount: count) == .tooFewClasses(count))
  }

  /// More classes than a network can have.
  @Test(arguments: [65_537, Int.max]) func tooManyClasses(count: Int) {
    #expect(error(classCount: count) == .tooManyClasses(count, limit: 65_536))
  }

  /// A label outside of the classes is named with its position.
  @Test(arguments: [2, -1, Int.max]) func labelOutOfRange(label: Int) {
    #expect(
      error(labels: [0, label])
        == .labelOutOfRange(label: label, position: 1, classCount: 2))
  }

  /// More or fewer labels than images.
  @Test(arguments: [[0], [0, 1, 0], []]) func labelCount(labels: [Int]) {
    #expect(error(labels: labels) == .wrongLabelCount(expected: 2, found: labels.count))
  }

  /// A part of an image.
  @Test func pixelCount() {
    #expect(
      error(pixels: [1, 2, 3, 4, 5]) == .wrongPixelCount(5, imageShape: shape))
  }

  /// No image at all.
  @Test func empty() {
    #expect(error(pixels: [], labels: []) == .emptyDataset)
  }

  /// Images without pixels, with negative sides, and with more pixels than a machine can count.
  @Test(arguments: [(0, 2), (-2, -2), (Int.max, Int.max)])
  func shapes(height: Int, width: Int) {
    let shape = ImageShape(height: height, width: width, channels: 1)
    #expect(error(shape: shape) == .invalidShape(shape))
  }

  /// A pixel that is no number.
  @Test func notFinite() {
    #expect(
      error(pixels: [0, 0, 0, 0, 0, .nan, 0, 0]) == .pixelNotFinite(position: 5))
  }

  /// A subset has every class equally often and starts as a smaller one does.
  @Test func balancedSubset() throws {
    let images = LibrarySample.images(30)
    let nine = try images.balancedSubset(9)
    #expect((0..<3).allSatisfy { label in nine.labels.count { $0 == label } == 3 })
    #expect(try images.balancedSubset(4).pixels == nine.selecting([0, 1, 2, 3]).pixels)
    #expect(try images.balancedSubset(9, seed: 2).pixels != nine.pixels)
  }

  /// A subset that there is not is an error that names the largest.
  @Test(arguments: [0, 31]) func noBalancedSubset(count: Int) throws {
    let error = libraryError { _ = try LibrarySample.images(30).balancedSubset(count) }
    guard case .noBalancedSubset(count, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}

/// Tasks from files and from the generator.
struct LibraryDatasetTests {
  private func inFolder(_ action: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "LibraryDatasetTests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try action(folder.path)
  }

  /// A file gives back the task that was written.
  @Test func load() throws {
    let task = try TaskDataset(
      name: "small", train: LibrarySample.images(9), test: LibrarySample.images(6, seed: 2),
      similarity: 0.5)
    try inFolder { folder in
      try TaskFile.write(task, to: "\(folder)/small.h5")
      let loaded = try TransferDataset.load("\(folder)/small.h5")
      #expect(loaded.name == "small" && loaded.similarity == 0.5 && loaded.classCount == 3)
      #expect(try loaded.train.pixels == task.train.pixels)
      #expect(loaded.train.labels == task.train.labels)
      #expect(try loaded.test.pixels == task.test.pixels && loaded.test.labels == task.test.labels)
    }
  }

  /// A file that is not there, for tasks and for weights.
  @Test func missing() throws {
    try inFolder { folder in
      let path = "\(folder)/nowhere.h5"
      for error in [
        libraryError { _ = try TransferDataset.load(path) },
        libraryError { _ = try PretrainedModel.load(path) },
      ] {
        guard case .fileMissing(let text)? = error else {
          Issue.record("\(String(describing: error))")
          continue
        }
        #expect(text.contains(path))
      }
    }
  }

  /// A file that holds something else, for tasks and for weights.
  @Test func invalid() throws {
    try inFolder { folder in
      let path = "\(folder)/text.h5"
      try Data("no HDF5".utf8).write(to: URL(fileURLWithPath: path))
      for error in [
        libraryError { _ = try TransferDataset.load(path) },
        libraryError { _ = try PretrainedModel.load(path) },
      ] {
        guard case .invalidFile(let text)? = error else {
          Issue.record("\(String(describing: error))")
          continue
        }
        #expect(text.contains(path))
      }
    }
  }

  /// A model comes back from its file with the same weights and nothing frozen.
  @Test func weights() throws {
    let model = try LibrarySample.model(.simple)
    try inFolder { folder in
      try WeightsFile.write(model, to: "\(folder)/weights.h5")
      let loaded = try PretrainedModel.load("\(folder)/weights.h5")
      #expect(loaded.digest == model.digest && loaded.frozenLayers.isEmpty)
    }
  }

  /// The generated task is the one that the command line writes.
  @Test func synthetic() throws {
    let task = try TransferDataset.synthetic(.high, replicate: 1)
    #expect(task.name == "target-high-r1" && task.similarity == 1)
    #expect(task.train.count == 10_000 && task.test.count == 2_000 && task.classCount == 10)
    #expect(libraryError { _ = try TransferDataset.synthetic(.low, replicate: -1) } != nil)
  }
}
