import HDF5

/// A PyTorch state dict in HDF5: tensors by names with dots, or in groups for the parts of the names.
struct StateDict {
  /// By the dotted name, without what wrappers put in front.
  let tensors: [String: StoredTensor]

  private static let roles: Set = ["weight", "bias", "running_mean", "running_var"]
  /// Groups that people keep a state dict in.
  private static let wrappers = ["state_dict", "model_state_dict", "model"]

  /// Whether the root holds what looks like one.
  static func isRecognized(_ root: HDF5Group) throws -> Bool {
    try start(in: root).datasetPaths().contains { path in
      roles.contains(String(path.split { $0 == "." || $0 == "/" }.last ?? ""))
    }
  }

  private static func start(in root: HDF5Group) throws -> HDF5Group {
    let children = try root.childNames()
    for wrapper in wrappers where children.contains(wrapper) && children.count == 1 {
      return try root.group(wrapper)
    }
    return root
  }

  init(_ root: HDF5Group) throws {
    let start = try StateDict.start(in: root)
    let prefix = start.path == "/" ? "/" : start.path + "/"
    var tensors: [String: StoredTensor] = [:]
    for path in try start.datasetPaths() {
      let key = path.dropFirst(prefix.count).split(separator: "/").joined(separator: ".")
      guard tensors.updateValue(try root.storedTensor(path), forKey: key) == nil else {
        throw ModelError(at: path, "the tensor '\(key)' is there twice")
      }
    }
    // What DataParallel puts in front of every name.
    let parallel = "module."
    if !tensors.isEmpty, tensors.keys.allSatisfy({ $0.hasPrefix(parallel) }) {
      tensors = Dictionary(
        uniqueKeysWithValues: tensors.map { (String($0.dropFirst(parallel.count)), $1) })
    }
    self.tensors = tensors
  }

  /// The shape of a module's tensor, or `nil` where it has none.
  func shape(_ module: String, _ role: String = "weight") -> [Int]? {
    tensors["\(module).\(role)"]?.shape
  }

  /// The names of the modules that have tensors, by number where the names have numbers.
  var modules: [String] {
    let names = Set(
      tensors.keys.compactMap { key in
        key.lastIndex(of: ".").map { String(key[..<$0]) }
      })
    return names.sorted { StateDict.precedes($0, $1) }
  }

  private static func precedes(_ first: String, _ second: String) -> Bool {
    let (first, second) = (first.split(separator: "."), second.split(separator: "."))
    for (one, other) in zip(first, second) where one != other {
      if let one = Int(one), let other = Int(other), one != other { return one < other }
      return one < other
    }
    return first.count < second.count
  }

  /// Which tensor fills which slot of a network whose layers have the names of the modules.
  func match(_ layers: [SourceLayer]) -> TensorMatch {
    var match = TensorMatch()
    for layer in layers {
      for slot in layer.slots {
        if let tensor = tensors["\(layer.name).\(slot.names[0])"] {
          match.pairs.append(TensorMatch.Pair(slot: slot, tensor: tensor))
        } else {
          match.missing.append((layer.name, slot))
        }
      }
    }
    match.account(for: tensors.values.map(\.path).sorted()) { path in
      path.hasSuffix("num_batches_tracked")
        ? "a count that only averaging over all batches reads" : nil
    }
    return match
  }
}
