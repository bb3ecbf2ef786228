import ArgumentParser
import Results

/// Where a command writes the histories of its runs for TensorBoard.
struct TensorBoardOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Folder for TensorBoard's event files, with a subfolder for each run; it need not exist.
      """, valueName: "folder"),
    completion: .directory)
  var tensorboard: String?

  /// The folder, if there is one; checks that it can be written, before any work is done.
  ///
  /// - Parameter files: other files of the command.
  /// - Throws: `Failure` of kind `usage` or `cannotCreate`.
  func folder(besides files: [String?]) throws -> EventFolder? {
    guard let tensorboard else { return nil }
    try OptionValues.requireOther(tensorboard, of: "--tensorboard", than: files)
    return try EventFolder(tensorboard)
  }
}
