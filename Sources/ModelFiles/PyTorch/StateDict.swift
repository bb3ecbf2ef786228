import HDF5

/// A PyTorch state dict in HDF5: tensors by names with dots, or in groups for the parts of the names.
struct StateDict {
  /// By the dotted name, without ``prefix``.
  private(set) var tensors: [String: StoredTensor] = [:]
  /// What stands in front of the names of all modules, with a dot at the end.
  private(set) var prefix = ""
  /// Places of what the file holds beside the state dict, such as the number of the epoch.
  private var others: [String] = []

  private static let roles: Set = ["weight", "bias", "running_mean", "running_var"]
  /// Groups that hold a state dict beside which anything may stand.
  private static let containers = ["state_dict", "model_state_dict"]
  /// Groups that hold one if no tensors of modules stand beside them.
  private static let wrappers: Set = ["model_state", "model", "net", "network", "module"]

  /// Whether the root holds what looks like one.
  static func isRecognized(_ root: HDF5Group) throws -> Bool {
    try root.datasetPaths().contains(where: isOfModule)
  }

  private static func isOfModule(_ path: String) -> Bool {
    roles.contains(String(path.split { $0 == "." || $0 == "/" }.last ?? ""))
  }

  /// The group that the state dict is in, `/` or such as `/state_dict/`.
  private static func start(among paths: [String]) -> String {
    let groups = Set(
      paths.filter(isOfModule).map { path in
        let parts = path.split(separator: "/")
        return parts.count > 1 ? String(parts[0]) : ""
      })
    if let container = containers.first(where: groups.contains) { return "/\(container)/" }
    if groups.count == 1, let only = groups.first, wrappers.contains(only) { return "/\(only)/" }
    return "/"
  }

  init(_ root: HDF5Group) throws {
    let paths = try root.datasetPaths()
    let start = StateDict.start(among: paths)
    for path in paths {
      guard path.hasPrefix(start) else {
        others.append(path)
        continue
      }
      let key = path.dropFirst(start.count).split(separator: "/").joined(separator: ".")
      guard tensors.updateValue(try root.storedTensor(path), forKey: key) == nil else {
        throw ModelError(at: path, "the tensor '\(key)' is there twice")
      }
    }
  }

  /// The same tensors under names without their first part, where those of all modules share it:
  /// `module.` of DataParallel, `_orig_mod.` of torch.compile, `model.` of Lightning, or the name of
  /// the attribute that the network is.
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

  /// This and what it is without one wrapper after the other.
  var views: [StateDict] { Array(sequence(first: self) { $0.unwrapped }) }

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

  /// Whether all modules have numbers for names, which tell their order.
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
    let numbers = Set(
      tensors.filter { !$0.key.contains(".") && $0.value.shape.isEmpty }.map(\.value.path))
    match.account(for: tensors.values.map(\.path).sorted()) { path in
      if numbers.contains(path) { return "a number beside the network" }
      return path.hasSuffix("num_batches_tracked")
        ? "a count that only averaging over all batches reads" : nil
    }
    match.unused += others.map {
      LoadReport.Unused(source: $0, reason: "beside the state dict")
    }
    return match
  }
}
