import Foundation
package import HDF5
package import Records

/// A folder of synthetic tasks, each made when it is first requested.
package struct TaskFolder: Sendable {
  package let path: String
  package let settings: TaskSettings
  private let access: FileAccess

  /// - Parameter access: which process reads existing files: this one, or a child.
  package init(
    _ path: String, settings: TaskSettings, by access: FileAccess = .thisProcess
  ) {
    self.path = path
    self.settings = settings
    self.access = access
  }

  /// The same folder for tasks of a family.
  package func of(_ family: TaskFamily) -> TaskFolder {
    var settings = settings
    settings.family = family
    return TaskFolder(path, settings: settings, by: access)
  }

  /// The file of a task by its name.
  package func file(of name: String) -> String { "\(path)/\(name).h5" }

  /// The source task, read from its file or, if there is none, made and written.
  package func source(willMake: (String) -> Void = { _ in }) throws -> TaskDataset {
    try task(
      SyntheticTask.sourceName(settings.family), recipe: TaskRecipe(settings: settings), willMake
    ) {
      try SyntheticTask.source(settings)
    }
  }

  /// A target task, read from its file or, if there is none, made and written.
  ///
  /// - Parameter willMake: called with the path of the file if it does not exist yet.
  /// - Throws: `Failure` of kind `badData` if the file holds anything but the task of these
  ///   settings, and a `Failure` if it cannot be read or written.
  package func target(
    _ similarity: Similarity, replicate: Int, willMake: (String) -> Void = { _ in }
  ) throws -> TaskDataset {
    let recipe = SyntheticTask.recipe(settings, similarity: similarity, replicate: replicate)
    let name = SyntheticTask.name(
      settings.family, similarity: similarity, replicate: replicate)
    return try task(name, recipe: recipe, willMake) {
      try SyntheticTask.target(settings, similarity: similarity, replicate: replicate)
    }
  }

  private func task(
    _ name: String, recipe: TaskRecipe, _ willMake: (String) -> Void, make: () throws -> TaskDataset
  ) throws -> TaskDataset {
    let file = file(of: name)
    guard FileManager.default.fileExists(atPath: file) else {
      willMake(file)
      let task = try make()
      try TaskFile.write(task, to: file)
      return task
    }
    let task = try TaskFile.read(file, by: access)
    guard task.recipe == recipe, task.name == name else {
      throw Failure(
        .badData, "cannot use the dataset", on: file,
        because: "it was made with other settings, renamed, or is not a synthetic task",
        remedy: "Move it away, or choose another folder with `tasks`.")
    }
    return task
  }
}
