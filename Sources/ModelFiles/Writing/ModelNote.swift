import Foundation
import Records

/// What tlbench stores with a model: a JSON object that Keras ignores.
struct ModelNote {
  /// Texts for the reader of the model: preprocessing, class names, provenance.
  var metadata: [String: String] = [:]
  /// The network's own names of layers whose names Keras does not allow, by their names in the
  /// file.
  var layerNames: [String: String] = [:]

  var json: JSONValue {
    .object([
      "metadata": ModelNote.object(metadata), "layer_names": ModelNote.object(layerNames),
    ])
  }

  init(metadata: [String: String], layerNames: [String: String]) {
    self.metadata = metadata
    self.layerNames = layerNames
  }

  /// Reads a note; what is not as written here is ignored, so that no note prevents reading a
  /// model.
  init(_ json: JSONValue?) {
    metadata = ModelNote.strings(json?.object?["metadata"])
    layerNames = ModelNote.strings(json?.object?["layer_names"])
  }

  private static func object(_ strings: [String: String]) -> JSONValue {
    .object(JSONObject(strings.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
  }

  private static func strings(_ value: JSONValue?) -> [String: String] {
    Dictionary(
      (value?.object?.members ?? []).compactMap { member in
        member.value.string.map { (member.name, $0) }
      }, uniquingKeysWith: { first, _ in first })
  }
}
