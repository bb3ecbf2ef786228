import HDF5

/// A PyTorch state dict: tensors with dotted names or, in HDF5, in groups for the parts of the
/// names.
struct StateDict {
  /// The tensors by their dotted names, without ``prefix``.
  private(set) var tensors: [String: StoredTensor] = [:]
  /// The common beginning of the names of all modules, with a dot at the end.
  private(set) var prefix = ""
  /// Paths of what the file holds outside the state dict, such as the number of the epoch.
  private var others: [String] = []

  private static let roles: Set = ["weight", "bias", "running_mean", "running_var"]
  /// Groups that hold a state dict, whatever else is outside them.
  private static let containers = ["state_dict", "model_state_dict"]
  /// Groups that hold a state dict if no tensors of modules are outside them.
  private static let wrappers: Set = ["model_state", "model", "net", "network", "module"]

  /// More than any network is wrapped in; a hostile file's names may have thousands of parts.
  private static let mostWrappers = 8

  /// Whether the root holds what looks like a state dict.
  static func isRecognized(_ root: HDF5Group) throws -> Bool {
    try root.datasetPaths().contains(where: isOfModule)
  }

  /// Whether a name is that of a tensor of a module.
  static func isOfModule(_ path: String) -> Bool {
    roles.contains(String(path.split { $0 == "." || $0 == "/" }.last ?? ""))
  }

  /// The group that holds the state dict, among those with tensors of modules; `nil` if none of
  /// them is known to be one, so that the root is.
  static func container(among groups: Set<String>) -> String? {
    if let container = containers.first(where: groups.contains) { return container }
    return groups.count == 1 ? groups.first { wrappers.contains($0) } : nil
  }

  init(_ root: HDF5Group) throws {
    let paths = try root.datasetPaths()
    let groups = paths.filter(StateDict.isOfModule).map { path in
      let parts = path.split(separator: "/")
      return parts.count > 1 ? String(parts[0]) : ""
    }
    let start = StateDict.container(among: Set(groups)).map { "/\($0)/" } ?? "/"
    for path in paths {
      guard path.hasPrefix(start) else {
        others.append(path)
        continue
      }
      let key = path.dropFirst(start.count).split(separator: "/").joined(separator: ".")
      try add(try root.storedTensor(path), key)
    }
  }

  /// A state dict of tensors by their names.
  ///
  /// - Parameter others: paths of what the file holds outside the state dict.
  init(_ tensors: [(name: String, tensor: StoredTensor)], others: [String]) throws(ModelError) {
    for (name, tensor) in tensors { try add(tensor, name) }
    self.others = others
  }

  init(_ file: SafetensorsFile) {
    for entry in file.entries { tensors[entry.name] = StoredTensor(entry, of: file) }
  }

  private mutating func add(_ tensor: StoredTensor, _ name: String) throws(ModelError) {
    guard tensors.updateValue(tensor, forKey: name) == nil else {
      throw ModelError(at: tensor.path, "the tensor '\(name)' occurs twice")
    }
  }

  /// The tensors under names without their first part; `nil` unless the names of all modules share
  /// it.
  ///
  /// It may be `module.` of DataParallel, `_orig_mod.` of torch.compile, `model.` of Lightning, or
  /// the name of the attribute that holds the network.
  private var unwrapped: StateDict? {
    let names = tensors.keys.filter(StateDict.isOfModule).map { $0.split(separator: ".") }
    guard let first = names.first?.first,
      names.allSatisfy({ $0.count > 2 && $0.first == first })
    else { return nil }
    var inner = self
    inner.prefix = prefix + "\(first)."
    inner.tensors = Dictionary(
      tensors.map { key, tensor in
        (key.hasPrefix("\(first).") ? String(key.dropFirst(first.count + 1)) : key, tensor)
      }, uniquingKeysWith: { first, _ in first })
    return inner
  }

  /// This state dict, followed by what it becomes when one wrapper after the other is removed.
  var views: [StateDict] {
    Array(sequence(first: self) { $0.unwrapped }.prefix(1 + StateDict.mostWrappers))
  }

  /// The shape of a module's tensor, or `nil` if there is no such tensor.
  func shape(_ module: String, _ role: String = "weight") -> [Int]? {
    tensors["\(module).\(role)"]?.shape
  }

  /// The names of the modules that have tensors, sorted, with numbers in names by their value.
  var modules: [String] {
    let names = Set(
      tensors.keys.compactMap { key in
        key.lastIndex(of: ".").map { String(key[..<$0]) }
      })
    return names.sorted { StateDict.precedes($0, $1) }
  }

  /// Whether all modules have numbers for names, which give their order.
  var isNumbered: Bool {
    modules.allSatisfy { $0.split(separator: ".").allSatisfy { Int($0) != nil } }
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
  ///
  /// - Parameter ignored: why other tensors are not used, by their paths (default: none).
  func match(_ layers: [SourceLayer], ignoring ignored: [String: String] = [:]) -> TensorMatch {
    var match = TensorMatch()
    for layer in layers {
      for slot in layer.slots {
        if let tensor = slot.names.lazy.compactMap({ tensors["\(layer.name).\($0)"] }).first {
          match.pairs.append(TensorMatch.Pair(slot: slot, tensor: tensor))
        } else {
          match.missing.append((layer.name, slot))
        }
      }
    }
    let numbers = Set(
      tensors.filter { !$0.key.contains(".") && $0.value.shape.isEmpty }.map(\.value.path))
    match.account(for: tensors.values.flatMap(\.paths).sorted()) { path in
      if let reason = ignored[path] { return reason }
      if numbers.contains(path) { return "a number outside the network" }
      return path.hasSuffix("num_batches_tracked")
        ? "a count that is only used to average over all batches" : nil
    }
    match.unused += others.map {
      LoadReport.Unused(source: $0, reason: "outside the state dict")
    }
    return match
  }
}
