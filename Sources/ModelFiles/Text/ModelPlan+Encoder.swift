import Foundation
import NeuralNetwork
import Records
import Tensors

extension ModelPlan {
  /// The length of sequences until the data decide it.
  private static let usualLength = 128
  /// The most places of networks without a limit of their own.
  private static let mostPlaces = 1 << 16
  /// The most bytes of `config.json`.
  private static let largestConfiguration = 64 << 20

  /// The structure of an encoder of texts.
  ///
  /// - Parameters:
  ///   - settings: the settings of the encoder.
  ///   - file: the tensors of its file.
  ///   - head: the head that tlbench added; `nil` for an encoder alone.
  init(
    encoder settings: EncoderSettings, of file: EncoderFile, options: ModelReadingOptions,
    head: EncoderHead? = nil
  ) throws {
    let tensors = file.tensors
    let names = tensors.tensors.keys.sorted()
    let known = try EncoderTensors(settings, among: names, in: file.layout)
    try known.check(tensors)
    let largest = settings.largestLength ?? ModelPlan.mostPlaces
    var length = min(ModelPlan.usualLength, largest)
    if let shape = options.inputShape {
      guard shape.height == 1, shape.channels == TokenEmbedding.fields,
        (1...largest).contains(shape.width)
      else {
        throw ModelError(
          .usage, "it reads tokens, not images of \(shape)", remedy: "Leave out `inputShape`.")
      }
      length = shape.width
    }
    var graph = try settings.graph(length: length)
    try head?.add(to: &graph)
    self.init(graph: graph, name: settings.family.rawValue)
    layers = known.layers(of: graph)
    constants = known.constants(of: graph)
    for name in names {
      guard let tensor = tensors.tensors[name] else { continue }
      ignored[tensor.path] =
        name == tensor.path && file.layout != .torch
        ? file.ignored[name] : known.reason(forIgnoring: name)
    }
    if !known.prefix.isEmpty {
      notes.append("the names of the encoder's tensors begin with '\(known.prefix)'")
    }
    if head == nil, !settings.dropout.isEmpty {
      let rates = settings.dropout.map { "\($0.name) \($0.rate)" }.joined(separator: ", ")
      notes.append("the encoder is trained without its dropout (\(rates))")
    }
  }

  /// The same plan with the pooling of a folder of sentence-transformers, if it is one.
  ///
  /// - Throws: `ModelError` for files that cannot be read.
  func withSentenceModules(in folder: String) throws(ModelError) -> ModelPlan {
    let modules = try SentenceModules(in: folder)
    var plan = self
    plan.pooling = modules.pooling
    plan.notes += modules.notes
    return plan
  }

  /// The content of `config.json` in a folder.
  ///
  /// - Parameters:
  ///   - names: the names that the file may have, the preferred one first.
  ///   - use: what only this file says.
  /// - Returns: the content, and the name of the file.
  /// - Throws: `ModelError` if there is none, or it is not JSON.
  static func configuration(
    in folder: String, named names: [String] = [EncoderSettings.fileName],
    for use: String = "how many heads attention has, as no tensor does"
  ) throws(ModelError) -> (JSONValue, name: String) {
    let remedy = "Put the model's \(EncoderSettings.fileName) into the folder of the file."
    for name in names {
      let path = "\(folder)/\(name)"
      if let size = ModelFolder.sizeOfFile(path), size > largestConfiguration {
        throw ModelError(
          at: name, "it has \(size) bytes, which no settings need", remedy: remedy)
      }
      guard let bytes = FileManager.default.contents(atPath: path) else { continue }
      do {
        return (try JSONParser.parse(bytes), name)
      } catch {
        throw ModelError(
          at: name, "it is not valid JSON: \(error.reason) (byte \(error.offset))",
          remedy: remedy)
      }
    }
    throw ModelError(
      "there is no \(EncoderSettings.fileName) beside it, which says \(use)", remedy: remedy)
  }
}
