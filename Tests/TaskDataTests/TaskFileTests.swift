import Foundation
import HDF5
import Records
import TaskData
import Tensors
import TestSupport
import Testing

struct TaskFileTests {
  /// A generated task is the same to the bit after it was written and read.
  @Test func roundTrip() throws {
    let task = try smallTarget(.medium, replicate: 1)
    let read = try written(task)
    #expect(try read.train.pixels == task.train.pixels)
    #expect(try read.test.pixels == task.test.pixels)
    #expect(read.train.labels == task.train.labels)
    #expect(read.test.labels == task.test.labels)
    #expect(read.train.classNames == task.train.classNames)
    #expect(read.train.shape == task.train.shape)
    #expect(read.digest == task.digest)
  }

  /// Name, similarity and recipe survive.
  @Test func description() throws {
    let task = try smallTarget(.medium, replicate: 1) { $0.seed = .max }
    let read = try written(task)
    #expect(read.name == "target-medium-r1")
    #expect(read.similarity == task.similarity)
    #expect(read.recipe == task.recipe)
    #expect(read.recipe != nil)
  }

  /// A source task has no similarity, before and after.
  @Test func source() throws {
    let read = try written(SyntheticTask.source(smallSettings()))
    #expect(read.similarity == nil)
    #expect(read.recipe?.target == nil)
  }

  /// Pixels given as numbers are stored as they are, several channels too.
  @Test func floatPixels() throws {
    let images = LabeledImages(
      shape: ImageShape(height: 2, width: 1, channels: 3),
      pixels: (0..<24).map { Float($0) / 7 }, labels: [0, 1, 1, 0], classNames: ["no", "yes"])
    let task = try TaskDataset(name: "own", train: images, test: images.selecting([1, 0]))
    let read = try written(task)
    #expect(try read.train.pixels == images.pixels)
    #expect(read.train.shape == images.shape)
    #expect(read.test.labels == [1, 0])
    #expect(read.digest == task.digest)
    #expect(read.recipe == nil)
  }

  /// Generated pixels are bytes in the file, with the attributes by which other readers decode
  /// them, and the recipe's numbers can be read one by one.
  @Test func layout() throws {
    let task = try smallTarget()
    try withTemporaryFolder { folder in
      try TaskFile.write(task, to: "\(folder)/t.h5")
      let root = try HDF5File.open("\(folder)/t.h5").root
      let x = try root.dataset("/train/x")
      #expect(x.shape == [60, 16, 16, 1])
      #expect(x.elementType == .integer(bytes: 1, signed: false))
      let scale = try x.attributes.readNumber("scale_factor", as: Float.self)
      let offset = try x.attributes.readNumber("add_offset", as: Float.self)
      let decoded = try x.read(as: UInt8.self).map { Float($0) * scale + offset }
      #expect(try decoded == task.train.pixels)
      #expect(try root.dataset("/test/y").shape == [20])
      #expect(try root.attributes.readNumber("generator_noise", as: Double.self) == 0.4)
      #expect(try root.attributes.readNumber("generator_seed", as: UInt64.self) == 1)
    }
  }

  /// Writing replaces an existing file and leaves nothing else in the folder.
  @Test func replaces() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/t.h5"
      try TaskFile.write(smallTarget(.low), to: path)
      let task = try smallTarget(.high)
      try TaskFile.write(task, to: path)
      #expect(try TaskFile.read(path).digest == task.digest)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["t.h5"])
    }
  }

  /// A folder that does not exist is an error of kind `cannotCreate`.
  @Test func missingFolder() throws {
    try withTemporaryFolder { folder in
      let error = failure { try TaskFile.write(smallTarget(), to: "\(folder)/none/t.h5") }
      #expect(error?.kind == .cannotCreate)
      #expect(error?.subject == "\(folder)/none/t.h5")
      #expect(error?.remedy != nil)
    }
  }

  /// A folder in the file's place is an error, and stays.
  @Test func folderInPlace() throws {
    try withTemporaryFolder { folder in
      let error = failure { try TaskFile.write(smallTarget(), to: folder) }
      #expect(error?.kind == .cannotCreate)
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left.isEmpty)
    }
  }

  /// What is no regular file, such as a pipe, is refused and stays what it is.
  @Test func pipeInPlace() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/pipe.h5"
      try #require(mkfifo(path, 0o600) == 0)
      let error = failure { try TaskFile.write(smallTarget(), to: path) }
      #expect(error?.kind == .cannotCreate)
      var status = stat()
      #expect(lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left == ["pipe.h5"])
    }
  }

  private func written(_ task: TaskDataset) throws -> TaskDataset {
    try withTemporaryFolder { folder in
      try TaskFile.write(task, to: "\(folder)/t.h5")
      return try TaskFile.read("\(folder)/t.h5")
    }
  }
}

/// Files made by h5py (Fixtures/make_native.py).
struct TaskFileFixtureTests {
  /// The training pixels of both files as bytes.
  private let ramp = (0..<384).map { Float($0 % 256) }

  /// float32 pixels are taken as they are.
  @Test func float32() throws {
    let task = try TaskFile.read(fixture("float32.h5"))
    #expect(task.name == "float32")
    #expect(task.train.shape == ImageShape(height: 8, width: 8, channels: 1))
    #expect(try task.train.pixels == ramp.map { $0 / 256 - 0.5 })
    #expect(task.test.labels == [0, 1, 2])
    #expect(task.train.classNames == ["cat", "dog", "größe"])
    #expect(task.similarity == 0.25)
  }

  /// uint8 pixels without scale attributes are divided by 255; a missing channel axis, a column
  /// of labels and missing class names are understood.
  @Test func uint8() throws {
    let task = try TaskFile.read(fixture("uint8.h5"))
    #expect(task.train.shape == ImageShape(height: 8, width: 8, channels: 1))
    #expect(try task.train.pixels == ramp.map { $0 / 255 })
    #expect(task.train.labels == [0, 1, 0, 1, 0, 1])
    #expect(task.train.classNames == ["0", "1"])
    #expect(task.similarity == nil)
  }

  /// A file of another tool is the same to the bit after it was written by this one.
  @Test(arguments: ["float32.h5", "uint8.h5"]) func rewritten(name: String) throws {
    let task = try TaskFile.read(fixture(name))
    let again = try withTemporaryFolder { folder in
      try TaskFile.write(task, to: "\(folder)/t.h5")
      return try TaskFile.read("\(folder)/t.h5")
    }
    #expect(try again.train.pixels == task.train.pixels)
    #expect(again.digest == task.digest)
  }
}
