import Records
import Results

/// The model file that a command writes.
enum ModelOutput {
  /// Checks, before anything is trained, that a model can be written to a path.
  ///
  /// - Throws: `Failure` of kind `usage` for a name that Keras would not recognize, and as
  ///   ``OutputCheck/require(_:overwrite:attempt:alternative:)`` does.
  static func check(_ path: String, option: String = "--output", overwrite: Bool) throws {
    guard path.hasSuffix(".keras") || path.hasSuffix(".weights.h5") else {
      throw OptionValues.refused(
        option, "'\(path)' ends neither in .keras nor in .weights.h5",
        "Example: \(option) model.keras")
    }
    try OutputCheck.require(
      path, overwrite: overwrite, attempt: "cannot write the model")
  }
}
