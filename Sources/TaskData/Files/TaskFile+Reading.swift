import Foundation
package import HDF5
import Records
import Tensors

extension TaskFile {
  /// Reads a task and checks it against its digest, if it has one.
  ///
  /// Grayscale images may lack the channel axis (`[count, height, width]`), labels may be a column
  /// (`[count, 1]`).
  ///
  /// - Parameters:
  ///   - access: which process reads the file: this one, or a child for files of others.
  ///   - memory: the most bytes of pixels of each set to hold in memory; a larger set stays in the
  ///     file.
  /// - Throws: `Failure` of kind `inputMissing` when there is no such file, `badData` when it does
  ///   not hold a task; each names the object, the reason and a remedy.
  package static func read(
    _ path: String, by access: FileAccess = .thisProcess, memory: Int = DatasetFile.memory
  ) throws -> TaskDataset {
    do {
      return try task(in: HDF5File.open(path, by: access), memory: memory)
    } catch let error as HDF5Error {
      throw failure(error)
    }
  }

  static let attempt = "cannot read the dataset"

  static func failure(_ error: HDF5Error) -> Failure {
    Failure(
      reading: error, attempt: attempt, makeIt: "Make a dataset with 'tlbench generate'.",
      layout: "A dataset file holds /train/x, /train/y, /test/x and /test/y.")
  }

  private static func task(in file: HDF5File, memory: Int) throws -> TaskDataset {
    let attributes = file.root.attributes
    let place = PixelMemory(bytes: memory)
    let train = try StoredImages("train", in: file, memory: place)
    let test = try StoredImages("test", in: file, memory: place)
    guard test.shape == train.shape else {
      throw test.bad(
        test.pixelPlace, "its images are \(test.shape), but those of /train/x are \(train.shape)",
        remedy: "Give both sets the same image size.")
    }
    let names =
      try attributes.contains(classNames)
      ? attributes.readStrings(classNames) : try inferredNames(train)
    guard names.count >= 2 else {
      throw train.bad(
        train.labelPlace, "there are fewer than two classes to tell apart",
        remedy: "Label the examples with at least the classes 0 and 1.")
    }
    let task = try TaskDataset(
      name: try attributes.contains(name)
        ? attributes.readString(name)
        : URL(fileURLWithPath: file.path).deletingPathExtension().lastPathComponent,
      train: try train.labeled(with: names), test: try test.labeled(with: names),
      similarity: try similarity(in: file),
      recipe: try attributes.contains(generator)
        ? TaskRecipe(json: attributes.readString(generator)) : nil)
    try check(task.digest, against: file)
    return task
  }

  /// `0`, `1`, … up to the largest label of the training set.
  private static func inferredNames(_ train: StoredImages) throws(Failure) -> [String] {
    let largest = train.labels.max() ?? 0
    // Every class needs an example, so a label >= the number of examples cannot be a class number.
    guard largest < train.labels.count else {
      throw train.bad(
        train.labelPlace,
        "labels reach \(largest), but there are \(train.labels.count) examples and no class names",
        remedy: "Number the classes from 0, or add the attribute class_names to the file.")
    }
    return (0...max(0, largest)).map { "\($0)" }
  }

  private static func similarity(in file: HDF5File) throws -> Double? {
    let attributes = file.root.attributes
    guard try attributes.contains(similarity) else { return nil }
    let value = try attributes.readNumber(similarity, as: Double.self)
    guard (0...1).contains(value) else {
      throw Failure(
        .badData, attempt, on: "\(file.path):/@\(similarity)",
        because: "\(value) is outside 0...1",
        remedy: "Correct or delete the attribute.")
    }
    return value
  }

  /// Throws if the digest that a file names is not that of its content.
  static func check(_ found: String, against file: HDF5File) throws {
    let attributes = file.root.attributes
    guard try attributes.contains(digest) else { return }
    let stored = try attributes.readString(digest)
    guard stored != found else { return }
    throw Failure(
      .badData, attempt, on: "\(file.path):/@\(digest)",
      because: "the content has the digest \(found.prefix(12))…, but the file says "
        + "\(stored.prefix(12))…: it was changed or damaged after it was written",
      remedy: "Delete the file and generate it again; to keep the change, delete the attribute.")
  }
}
