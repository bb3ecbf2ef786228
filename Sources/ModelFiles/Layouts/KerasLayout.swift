import HDF5

/// The layout of Keras 3: `layers/<class>[_<number>]/vars/<index>`, and the same inside the group
/// of a model that is a layer.
enum KerasLayout {
  private static let mostTensorsOfALayer = 64

  static func match(_ plan: ModelPlan, in root: HDF5Group) throws -> TensorMatch {
    var match = TensorMatch()
    try match.add(plan.layers, of: plan, in: root, under: "", path: "")
    match.account(for: try root.datasetPaths()) { path in
      if path.hasPrefix("/optimizer/") { return "optimizer state" }
      if path.contains("/seed_generator/") { return "state of a generator" }
      if path.hasPrefix("/_metrics") || path.hasPrefix("/metrics") { return "state of a metric" }
      return nil
    }
    return match
  }

  /// The groups by the names of their layers, which Keras stores since 3.6; empty if a name is
  /// stored twice.
  fileprivate static func layerNames(
    in container: String, of root: HDF5Group
  ) throws -> [String: String] {
    var result: [String: String] = [:]
    for group in try root.group(container).childNames() {
      guard try root.contains("\(container)/\(group)/vars") else { continue }
      let attributes = try root.group("\(container)/\(group)/vars").attributes
      guard let name = try attributes.text("name") else { continue }
      guard result.updateValue(group, forKey: name) == nil else { return [:] }
    }
    return result
  }

  /// The tensors of a layer, in order.
  fileprivate static func tensors(in place: String, of root: HDF5Group) throws -> [StoredTensor] {
    var result: [StoredTensor] = []
    while result.count < mostTensorsOfALayer, try root.contains("\(place)/vars/\(result.count)") {
      result.append(try root.storedTensor("\(place)/vars/\(result.count)"))
    }
    return result
  }
}

extension TensorMatch {
  fileprivate mutating func add(
    _ layers: [SourceLayer], of plan: ModelPlan, in root: HDF5Group, under container: String,
    path: String
  ) throws {
    let prefix = container.isEmpty ? "layers" : "\(container)/layers"
    let names =
      try plan.origin == .file || layers.isEmpty || !root.contains(prefix)
      ? [:] : KerasLayout.layerNames(in: prefix, of: root)
    // Names that Keras makes up depend on what was built before. So names are used if all are known
    // or, for networks whose layers have names of their own, if one is known.
    let wanted = layers.filter(\.hasTensors).map { names[$0.name] != nil }
    let areKnown =
      plan.origin == .elsewhere ? wanted.contains(true) : !wanted.contains(false)
    var counter = KerasNames.Counter()
    for layer in layers {
      let numbered = counter.group(of: layer.className)
      let group = areKnown && !names.isEmpty ? names[layer.name] : numbered
      let layerPath = path.isEmpty ? layer.name : "\(path)/\(layer.name)"
      guard layer.hasTensors else { continue }
      let stored = try group.map { try KerasLayout.tensors(in: "\(prefix)/\($0)", of: root) } ?? []
      for (index, slot) in layer.slots.enumerated() {
        if index < stored.count {
          pairs.append(Pair(slot: slot, tensor: stored[index]))
        } else {
          missing.append((layerPath, slot))
        }
      }
      guard !layer.children.isEmpty, let group else { continue }
      try add(
        layer.children, of: plan, in: root, under: "\(prefix)/\(group)", path: layerPath)
    }
  }
}
