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
  ///   - configuration: the content of `config.json`.
  ///   - head: the head that tlbench added; `nil` for an encoder alone.
  init(
    encoder configuration: JSONValue, of tensors: StateDict, options: ModelReadingOptions,
    head: EncoderHead? = nil
  ) throws {
    let settings = try EncoderSettings(configuration)
    let names = tensors.tensors.keys.sorted()
    let known = try EncoderTensors(settings, among: names)
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
    for name in names {
      guard let tensor = tensors.tensors[name] else { continue }
      ignored[tensor.path] = known.reason(forIgnoring: name)
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
  /// - Throws: `ModelError` if there is none, or it is not JSON.
  static func configuration(in folder: String) throws(ModelError) -> JSONValue {
    let path = "\(folder)/\(EncoderSettings.fileName)"
    if let size = ModelFolder.sizeOfFile(path), size > largestConfiguration {
      throw EncoderSettings.bad(
        "it has \(size) bytes, which no settings need",
        remedy: "Put the model's \(EncoderSettings.fileName) into the folder of the file.")
    }
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw ModelError(
        "there is no \(EncoderSettings.fileName) beside it, which says how many heads "
          + "attention has, as no tensor does",
        remedy: "Put the model's \(EncoderSettings.fileName) into the folder of the file.")
    }
    do {
      return try JSONParser.parse(bytes)
    } catch {
      throw EncoderSettings.bad(
        "it is not valid JSON: \(error.reason) (byte \(error.offset))")
    }
  }
}
