import Records

extension ModelConfiguration.Entry {
  init(
    _ value: JSONValue, in path: String, isSequential: Bool, kerasVersion: String?
  ) throws(ModelError) {
    guard let object = value.object, let className = object["class_name"]?.string else {
      throw ModelError("its configuration has a layer without a class_name\(path.within)")
    }
    let options = object["config"]?.object ?? JSONObject()
    // Models of the oldest kind are plain lists of layers, without a name.
    guard
      let name = object["name"]?.string ?? options["name"]?.string
        ?? (object["config"]?.array == nil ? nil : className.lowercased()), !name.isEmpty
    else {
      throw ModelError("its configuration has a \(className) without a name\(path.within)")
    }
    var layer = LayerConfiguration(
      name: name, className: className, module: object["module"]?.string,
      options: options, isTrainable: options["trainable"]?.boolean ?? true,
      path: path.isEmpty ? name : "\(path)/\(name)", kerasVersion: kerasVersion)
    nested = ModelConfiguration.isModel(className, object["config"]) ? value : nil
    guard !isSequential else {
      self.layer = layer
      inputs = []
      note = nil
      return
    }
    let calls = object["inbound_nodes"]?.array ?? []
    guard calls.count <= 1 else {
      throw layer.error(
        "is used \(calls.count) times; layers that share their weights are not supported")
    }
    var reader = CallReader(layer: layer)
    if let call = calls.first { try reader.read(call) }
    guard className == "InputLayer" || !reader.inputs.isEmpty else {
      throw layer.error("is connected to nothing")
    }
    layer.call = reader.call
    self.layer = layer
    inputs = reader.inputs
    note = reader.note
  }
}

/// Reads the inputs of a layer from a call as Keras writes it.
private struct CallReader {
  let layer: LayerConfiguration
  private(set) var inputs: [String] = []
  private(set) var call = LayerCall()
  private(set) var note: String?

  /// The name that Keras 2 writes in place of a layer's if the first operand is a constant.
  private static let constant = "_CONSTANT_VALUE"

  /// Reads a call: in Keras 3, `{"args": [...], "kwargs": {...}}` with tensors as objects; in Keras
  /// 2, a list of `[name, node, tensor, {options}]`.
  mutating func read(_ call: JSONValue) throws(ModelError) {
    if let object = call.object {
      for argument in object["args"]?.array ?? [] { try readArgument(argument) }
      try readOptions(object["kwargs"]?.object)
      return
    }
    guard let tensors = call.array else { throw unreadable() }
    // A single tensor may be written without its list.
    let list = tensors.first?.string == nil ? tensors : [call]
    for tensor in list {
      guard let parts = tensor.array, parts.count >= 3 else { throw unreadable() }
      if layer.isOperation, parts[0].string == CallReader.constant {
        self.call.append(.constant(parts[2]))
      } else {
        try readReference(Array(parts.prefix(3)))
      }
      if parts.count > 3 { try readOptions(parts[3].object) }
    }
  }

  private func unreadable() -> ModelError { layer.error("has inbound_nodes that cannot be read") }

  private mutating func readArgument(_ value: JSONValue) throws(ModelError) {
    if let history = CallReader.reference(value) { return try readReference(history) }
    if let list = value.array,
      !layer.isOperation || list.contains(where: { CallReader.reference($0) != nil })
    {
      for value in list { try readArgument(value) }
      return
    }
    guard layer.isOperation else {
      throw layer.error("is called with \("\(value)".prefix(60)), which is not a layer's output")
    }
    call.append(.constant(value))
  }

  /// The reference to a layer's output as Keras 3 writes it; `nil` for other values.
  private static func reference(_ value: JSONValue) -> [JSONValue]? {
    guard value.object?["class_name"]?.string == "__keras_tensor__" else { return nil }
    return value.object?["config"]?.object?["keras_history"]?.array
  }

  private mutating func readReference(
    _ parts: [JSONValue], named argument: String? = nil
  ) throws(ModelError) {
    guard parts.count == 3, let name = parts[0].string, parts[2].integer != nil else {
      throw unreadable()
    }
    guard parts[2].integer == 0 else {
      throw layer.error("reads a second output of '\(name)'")
    }
    call.append(.input(inputs.count), named: argument)
    inputs.append(name)
  }

  private mutating func readOptions(_ options: JSONObject?) throws(ModelError) {
    for option in options?.members ?? [] where !option.value.isNull {
      guard !layer.isOperation else {
        try readOperand(option.value, named: option.name)
        continue
      }
      guard option.name == "training", let isTraining = option.value.boolean else {
        throw layer.error("is called with the option \(option.name), which is not supported")
      }
      note =
        "the layer '\(layer.path)' is called with training=\(isTraining), which is followed in "
        + "inference only"
    }
  }

  /// Reads an argument of an operation that is given by its name.
  private mutating func readOperand(
    _ value: JSONValue, named name: String
  ) throws(ModelError) {
    if let history = CallReader.reference(value) { return try readReference(history, named: name) }
    if let parts = value.array, parts.count == 3, parts[0].string != nil,
      parts.dropFirst().allSatisfy({ $0.integer != nil })
    {
      return try readReference(parts, named: name)
    }
    call.append(.constant(value), named: name)
  }
}
