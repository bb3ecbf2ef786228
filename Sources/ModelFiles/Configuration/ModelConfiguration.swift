import NeuralNetwork
import Records
import Tensors

/// A model's configuration: its layers, and which layer reads what.
struct ModelConfiguration {
  /// A layer or a model in the list of layers.
  struct Entry {
    let layer: LayerConfiguration
    /// Names of the layers that the layer reads; empty for inputs, and in a sequential model, in
    /// which a layer reads the one before.
    let inputs: [String]
    /// A note on an unusual argument of the call, `training`.
    let note: String?
    /// The configuration of a model that is used as a layer.
    let nested: JSONValue?
  }

  let name: String
  let isSequential: Bool
  let entries: [Entry]
  /// The name of the first layer, in a functional model only.
  let input: String
  /// The name of the last layer, in a functional model only.
  let output: String

  static let classes: Set = ["Sequential", "Functional", "Model"]
  private static let mostLayers = 5_000

  static func isModel(_ className: String, _ options: JSONValue?) -> Bool {
    classes.contains(className) && (options?.array != nil || options?.object?["layers"] != nil)
  }

  /// - Parameters:
  ///   - value: the object with `class_name` and `config`.
  ///   - path: the names of the models around this one, for errors.
  init(_ value: JSONValue, path: String, kerasVersion: String?) throws(ModelError) {
    guard let object = value.object, let className = object["class_name"]?.string,
      let config = object["config"]
    else {
      throw ModelError("its configuration has no class_name and config\(path.within)")
    }
    guard ModelConfiguration.isModel(className, config) else {
      throw ModelError(
        "its model is of the class '\(className)'\(path.within), but only Sequential and "
          + "Functional models are supported",
        remedy: "A subclassed model has no configuration of its layers: rebuild it from layers, "
          + "or name the network with `structure`.")
    }
    // The oldest sequential models are a plain list.
    guard let listed = (config.object?["layers"] ?? config).array else {
      throw ModelError("its configuration has no list of layers\(path.within)")
    }
    guard !listed.isEmpty, listed.count <= ModelConfiguration.mostLayers else {
      throw ModelError(
        "its configuration has \(listed.count) layers\(path.within), where 1 to "
          + "\(ModelConfiguration.mostLayers) are expected")
    }
    let sequential = className == "Sequential"
    isSequential = sequential
    name = config.object?["name"]?.string ?? className.lowercased()
    var entries: [Entry] = []
    var names: Set<String> = []
    for item in listed {
      let entry = try Entry(item, in: path, isSequential: sequential, kerasVersion: kerasVersion)
      guard names.insert(entry.layer.name).inserted else {
        throw entry.layer.error("has the name of another layer")
      }
      entries.append(entry)
    }
    self.entries = entries
    if sequential {
      (input, output) = ("", "")
    } else {
      input = try ModelConfiguration.single(config.object, "input_layers", path)
      output = try ModelConfiguration.single(config.object, "output_layers", path)
      for name in [input, output] where !names.contains(name) {
        throw ModelError("its configuration has no layer '\(name)'\(path.within)")
      }
    }
  }

  /// The name of the only input or output layer, written `["a", 0, 0]` or `[["a", 0, 0]]`.
  private static func single(
    _ config: JSONObject?, _ key: String, _ path: String
  ) throws(ModelError) -> String {
    var value = config?[key] ?? .null
    if let list = value.array, list.count == 1, list[0].array != nil { value = list[0] }
    if let members = value.object?.members, members.count == 1 { value = members[0].value }
    guard let parts = value.array, parts.count == 3, let name = parts[0].string else {
      throw ModelError(
        "its configuration does not have exactly one of \(key)\(path.within): models with several "
          + "inputs or outputs are not supported")
    }
    guard parts[2].integer == 0 else {
      throw ModelError("its configuration names a second output of '\(name)'\(path.within)")
    }
    return name
  }
}

extension String {
  /// " in 'proj'" for the path of a model inside another.
  var within: String { isEmpty ? "" : " in '\(self)'" }
}
