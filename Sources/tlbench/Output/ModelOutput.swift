import NeuralNetwork
import Records
import Transfer

/// The model file that a command writes.
enum ModelOutput {
  /// The endings of the names of model files.
  static let endings = [".keras", ".weights.h5", ".safetensors"]

  /// Checks, before anything is trained, that a model can be written to a path.
  ///
  /// - Throws: `Failure` of kind `usage` for a name that ends as no format of models, and as
  ///   ``DefaultFolder/checkOutput(_:overwrite:attempt:alternative:)`` does.
  static func check(_ path: String, option: String = "--output", overwrite: Bool) throws {
    guard endings.contains(where: path.hasSuffix) else {
      throw OptionValues.refused(
        option, "'\(path)' ends in none of \(endings.joined(separator: ", "))",
        "Example: \(option) model.keras, or model.safetensors for a network that reads texts")
    }
    try DefaultFolder.checkOutput(
      path, overwrite: overwrite, attempt: "cannot write the model")
  }

  /// Writes a model, and makes its folder if that is a default folder.
  static func write(_ model: TrainedModel, to path: String) throws {
    try DefaultFolder.make(for: path)
    try model.write(to: path)
  }

  /// Checks that the ending of the name is that of the files of such networks.
  ///
  /// - Throws: `Failure` of kind `usage`.
  static func check(_ path: String, option: String = "--output", for network: Network) throws {
    let readsTexts = network.tokenInput != nil
    guard readsTexts != path.hasSuffix(".safetensors") else { return }
    throw OptionValues.refused(
      option,
      readsTexts
        ? "networks that read texts are written to a name that ends in .safetensors"
        : "only networks that read texts are written to .safetensors",
      "Example: \(option) \(usualName(for: network))")
  }

  /// A name for the file of such a network.
  static func usualName(for network: Network) -> String {
    network.tokenInput == nil ? "model.keras" : "model.safetensors"
  }
}
