import HDF5

/// The layout of Keras 3: `layers/<class>[_<number>]/vars/<index>`, and the same inside the group of
/// a model that is a layer.
enum KerasLayout {
  private static let mostTensorsOfALayer = 64

  static func match(_ plan: ModelPlan, in root: HDF5Group) throws -> TensorMatch {
    var match = TensorMatch()
    let names = plan.isFromFile ? nil : try layerNames(in: root)
    try match.add(plan.layers, in: root, under: "", names: names, path: "")
    match.account(for: try root.datasetPaths()) { path in
      if path.hasPrefix("/optimizer/") { return "optimizer state" }
      if path.contains("/seed_generator/") { return "state of a generator" }
      if path.hasPrefix("/_metrics") || path.hasPrefix("/metrics") { return "state of a metric" }
      return nil
    }
    return match
  }

  /// The groups by the names of their layers, which Keras notes since 3.6.
  private static func layerNames(in root: HDF5Group) throws -> [String: String] {
    var result: [String: String] = [:]
    for group in try root.group("layers").childNames() {
      guard try root.contains("layers/\(group)/vars") else { continue }
      let attributes = try root.group("layers/\(group)/vars").attributes
      if let name = try attributes.text("name") { result[name] = group }
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
    _ layers: [SourceLayer], in root: HDF5Group, under container: String,
    names: [String: String]?, path: String
  ) throws {
    let prefix = container.isEmpty ? "layers" : "\(container)/layers"
    // The names that a file notes count if any is known: those that Keras makes up depend on what
    // was built before.
    let areKnown = names.map { names in
      layers.filter(\.hasTensors).contains { names[$0.name] != nil }
    }
    var counter = KerasNames.Counter()
    for layer in layers {
      let numbered = counter.group(of: layer.className)
      let group = areKnown == true ? names?[layer.name] : numbered
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
        layer.children, in: root, under: "\(prefix)/\(group)", names: nil, path: layerPath)
    }
  }
}
