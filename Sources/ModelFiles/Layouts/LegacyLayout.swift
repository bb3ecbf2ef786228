import HDF5

/// The layout of Keras 2, which Keras 3 still writes on request: a group for each layer, whose
/// attribute `weight_names` lists its tensors in order.
enum LegacyLayout {
  /// A layer of the file that has tensors.
  struct StoredLayer {
    let name: String
    /// Names relative to the layer's group, in the order in which Keras assigns them.
    let tensors: [(name: String, tensor: StoredTensor)]
  }

  static func storedLayers(in weights: HDF5Group) throws -> [StoredLayer] {
    try weights.attributes.names(in: "layer_names").compactMap { name in
      let group = try weights.group(name)
      let names = try group.attributes.names(in: "weight_names")
      guard !names.isEmpty else { return nil }
      return StoredLayer(
        name: name, tensors: try names.map { ($0, try group.storedTensor($0)) })
    }
  }

  /// - Parameter file: The root of the file, which may hold an optimizer's state beside the weights.
  static func match(
    _ layers: [SourceLayer], in weights: HDF5Group, file: HDF5Group
  ) throws -> TensorMatch {
    var match = TensorMatch()
    let wanted = layers.filter(\.hasTensors)
    let stored = try storedLayers(in: weights)
    let byName = Dictionary(stored.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let isNamed = wanted.contains { byName[$0.name] != nil }
    if !isNamed, wanted.count == stored.count {
      match.notes.append("the names of the layers differ, so they were matched by their order")
    }
    for (index, layer) in wanted.enumerated() {
      let partner =
        isNamed ? byName[layer.name] : wanted.count == stored.count ? stored[index] : nil
      match.add(layer, partner)
    }
    match.account(for: try file.datasetPaths()) { path in
      path.hasPrefix("/optimizer_weights/")
        ? "optimizer state" : path.contains("seed_generator") ? "state of a generator" : nil
    }
    return match
  }
}

extension TensorMatch {
  /// Pairs the tensors of one layer: by their roles where all names tell them, else by order.
  fileprivate mutating func add(_ layer: SourceLayer, _ stored: LegacyLayout.StoredLayer?) {
    let leaves = layer.leaves().flatMap { path, leaf in
      leaf.slots.map { (path: path, slot: $0, isTrainable: leaf.isTrainable) }
    }
    guard let stored else {
      missing += leaves.map { ($0.path.joined(separator: "/"), $0.slot) }
      return
    }
    let isModel = !layer.children.isEmpty
    var open = leaves.map { Optional($0) }
    var found: [Pair] = []
    for (name, tensor) in stored.tensors {
      let stem = StoredName(name)
      guard
        let position = open.firstIndex(where: { leaf in
          guard let leaf, stem.isOf(leaf.slot.names) else { return false }
          return !isModel || stem.layer == leaf.path.last
        })
      else { continue }
      if let leaf = open[position] { found.append(Pair(slot: leaf.slot, tensor: tensor)) }
      open[position] = nil
    }
    let isComplete = found.count == stored.tensors.count
    if !isComplete, stored.tensors.count == leaves.count {
      // Keras' own rule: what is trained first, then the rest.
      let order =
        leaves.filter { $0.isTrainable && $0.slot.isWeight }
        + leaves.filter { !($0.isTrainable && $0.slot.isWeight) }
      pairs += zip(order, stored.tensors).map { Pair(slot: $0.slot, tensor: $1.tensor) }
      return
    }
    pairs += found
    missing += open.compactMap { $0 }.map { ($0.path.joined(separator: "/"), $0.slot) }
  }
}

/// The name of a tensor, such as `block1_conv1/kernel:0`, `proj/dense/bias` or `conv1_W_1:0`.
private struct StoredName {
  let layer: String?
  private let last: String

  init(_ name: String) {
    let parts = name.split(separator: "/").map(String.init)
    layer = parts.dropLast().last
    var last = parts.last ?? ""
    if let colon = last.lastIndex(of: ":") { last = String(last[..<colon]) }
    self.last = last
  }

  /// Whether the last part is one of these roles, alone or after the layer's name, and perhaps
  /// with the number that Keras 1 gave it.
  func isOf(_ roles: [String]) -> Bool {
    var stem = last
    if let bar = stem.lastIndex(of: "_"), Int(stem[stem.index(after: bar)...]) != nil {
      stem = String(stem[..<bar])
    }
    return roles.contains { role in
      last == role || stem == role || last.hasSuffix("_\(role)") || stem.hasSuffix("_\(role)")
    }
  }
}
