import Foundation
import Records

/// What follows the encoder in a folder of sentence-transformers: how tokens are pooled, by
/// `1_Pooling/config.json`, and further modules, by `modules.json`.
struct SentenceModules {
  /// How the folder pools tokens; `nil` if it does not say it, or in a way that no head has.
  private(set) var pooling: FeaturePooling?
  /// What a reader of the model should know, one sentence each.
  private(set) var notes: [String] = []

  private static let poolingFile = "1_Pooling/config.json"
  private static let modulesFile = "modules.json"
  private static let largest = 1 << 20
  /// The ways of pooling that a head has, by their names in configurations.
  private static let known: [(name: String, flag: String, pooling: FeaturePooling)] = [
    ("mean", "pooling_mode_mean_tokens", .average), ("max", "pooling_mode_max_tokens", .maximum),
    ("cls", "pooling_mode_cls_token", .first), ("lasttoken", "pooling_mode_lasttoken", .last),
  ]

  /// Reads the files of a folder; a folder without them has no modules.
  ///
  /// - Throws: `ModelError` for a file that is not a JSON object or list.
  init(in folder: String) throws(ModelError) {
    if let configuration = try SentenceModules.parsed(SentenceModules.poolingFile, in: folder) {
      guard let object = configuration.object else {
        throw SentenceModules.bad(SentenceModules.poolingFile, "it is not a JSON object")
      }
      let words = SentenceModules.words(object)
      if words.count == 1, let known = SentenceModules.known.first(where: { $0.name == words[0] }) {
        pooling = known.pooling
        notes.append(
          "a new head pools tokens by '\(known.pooling.rawValue)' if nothing else is chosen, as "
            + "\(SentenceModules.poolingFile) says (\(known.name))")
      } else {
        notes.append(
          "the pooling of \(SentenceModules.poolingFile) is not supported "
            + "(\(words.isEmpty ? "none" : words.joined(separator: ", "))); a new head pools "
            + "tokens by 'average' if nothing else is chosen")
      }
    }
    guard let modules = try SentenceModules.parsed(SentenceModules.modulesFile, in: folder) else {
      return
    }
    guard let list = modules.array else {
      throw SentenceModules.bad(SentenceModules.modulesFile, "it is not a JSON list")
    }
    let further = list.compactMap { $0.object?["path"]?.string }
      .filter { !$0.isEmpty && !$0.hasSuffix("_Transformer") && !$0.hasSuffix("_Pooling") }
    if !further.isEmpty {
      notes.append(
        "\(further.joined(separator: ", ")) of \(SentenceModules.modulesFile) "
          + (further.count == 1 ? "is" : "are") + " not applied")
    }
  }

  /// The ways of pooling that a configuration asks for, whose results would be joined.
  private static func words(_ object: JSONObject) -> [String] {
    switch object["pooling_mode"] {
    case let mode? where mode.string != nil: [mode.string ?? ""]
    case let mode? where mode.array != nil: (mode.array ?? []).compactMap(\.string)
    default:
      object.members.filter { $0.name.hasPrefix("pooling_mode_") && $0.value.boolean == true }
        .map { member in
          known.first { $0.flag == member.name }?.name
            ?? String(member.name.dropFirst("pooling_mode_".count))
        }
    }
  }

  /// The content of a file; `nil` if there is no such regular file.
  private static func parsed(
    _ name: String, in folder: String
  ) throws(ModelError) -> JSONValue? {
    let path = "\(folder)/\(name)"
    guard let size = ModelFolder.sizeOfFile(path) else { return nil }
    guard size <= largest, let bytes = FileManager.default.contents(atPath: path) else {
      throw bad(name, size > largest ? "it has \(size) bytes" : "it cannot be read")
    }
    do {
      return try JSONParser.parse(bytes)
    } catch {
      throw bad(name, "it is not valid JSON: \(error.reason) (byte \(error.offset))")
    }
  }

  private static func bad(_ name: String, _ reason: String) -> ModelError {
    ModelError(
      at: name, reason,
      remedy: "Copy the file again, or remove it: tokens are then pooled by their average.")
  }
}
