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

  /// Matches the tensors of a file to the slots of a plan.
  ///
  /// - Parameter file: the root of the file, which may hold an optimizer's state beside the
  ///   weights.
  static func match(
    _ plan: ModelPlan, in weights: HDF5Group, file: HDF5Group
  ) throws -> TensorMatch {
    var match = TensorMatch()
    let wanted = plan.layers.filter(\.hasTensors)
    let stored = try storedLayers(in: weights)
    let byName = Dictionary(stored.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let isNamed = wanted.contains { byName[$0.name] != nil }
    if !isNamed, wanted.count == stored.count {
      match.notes.append("the names of the layers differ, so they were matched by their order")
    }
    for (index, layer) in wanted.enumerated() {
      let partner =
        isNamed ? byName[layer.name] : wanted.count == stored.count ? stored[index] : nil
      try match.add(layer, partner, hasOwnStructure: plan.origin == .file)
    }
    match.account(for: try file.datasetPaths()) { path in
      path.hasPrefix("/optimizer_weights/")
        ? "optimizer state" : path.contains("seed_generator") ? "state of a generator" : nil
    }
    return match
  }
}

extension TensorMatch {
  /// Pairs the tensors of one layer: by their names if these identify all places, or else by the
  /// order in which Keras stores them.
  ///
  /// - Parameter hasOwnStructure: whether the structure was stored with the tensors, so that it
  ///   says which layers were frozen; the order depends on that.
  fileprivate mutating func add(
    _ layer: SourceLayer, _ stored: LegacyLayout.StoredLayer?, hasOwnStructure: Bool
  ) throws(ModelError) {
    let leaves = layer.leaves().flatMap { path, leaf in
      leaf.slots.map { LegacyPlace(path: path, slot: $0, isTrainable: leaf.isTrainable) }
    }
    guard let stored else {
      missing += leaves.map { ($0.name, $0.slot) }
      return
    }
    let names = stored.tensors.map { StoredName($0.name) }
    let choice = LegacyChoice(of: names, among: leaves, areOfModel: !layer.children.isEmpty)
    let found = choice.places.enumerated().compactMap { index, place in
      place.map { Pair(slot: leaves[$0].slot, tensor: stored.tensors[index].tensor) }
    }
    if found.count < names.count, names.count == leaves.count {
      let order = LegacyPlace.inStoredOrder(leaves)
      // A structure from elsewhere does not say what was frozen when the file was written.
      let isCertain = hasOwnStructure || choice.undecided.isEmpty
      if isCertain, zip(names, order).allSatisfy({ $0.mayBe($1) }) {
        pairs += zip(order, stored.tensors).map { Pair(slot: $0.slot, tensor: $1.tensor) }
        if !layer.children.isEmpty {
          notes.append(
            "the names of the tensors in '\(layer.name)' do not show their layers, so they were "
              + "matched by the order in which Keras stores them")
        }
        return
      }
    }
    if let (tensor, places) = choice.undecided.first {
      throw ModelError(
        at: stored.tensors[tensor].tensor.path,
        "the tensor '\(stored.tensors[tensor].name)' may belong to "
          + places.map { leaves[$0].name }.joined(separator: " or ")
          + "; its name does not show to which",
        remedy: "Save the whole model in Keras 3 as model.save('m.keras'), or give the layers of "
          + "inner models names of their own.")
    }
    pairs += found
    let filled = Set(choice.places.compactMap { $0 })
    missing += leaves.indices.filter { !filled.contains($0) }
      .map { (leaves[$0].name, leaves[$0].slot) }
  }
}
