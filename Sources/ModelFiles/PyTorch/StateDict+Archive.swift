extension StateDict {
  private typealias Items = [(key: PickleValue, value: PickleValue)]

  private static let saving =
    "Save the state dict alone: torch.save(model.state_dict(), 'model.pth')."
  /// Views may overlap, so that a small file could have tensors that fill the memory: they are
  /// limited to both this number of bytes and four times the file.
  private static let (harmlessBytes, largestFactor) = (256 << 20, 4)

  /// The state dict in an archive of `torch.save`: the dictionary that it holds, or the dictionary
  /// in it that has the tensors, beside the number of the epoch or an optimizer.
  ///
  /// - Throws: `ModelError` if there is none, or if there are several.
  init(_ archive: TorchArchive) throws(ModelError) {
    let pickle = archive.pickle
    guard case .dictionary(let index) = pickle.root else {
      throw ModelError("it holds no dictionary of tensors", remedy: StateDict.saving)
    }
    let root = pickle.dictionaries[index]
    let container = try StateDict.container(in: root, of: pickle)
    let inner = container.flatMap { name in root.last { $0.key.text == name } }
    let items = inner.flatMap { pickle.items(of: $0.value) } ?? root
    var tensors: [(name: String, tensor: StoredTensor)] = []
    var others = container == nil ? [] : root.compactMap(\.key.text).filter { $0 != container }
    var byteCount = 0
    for (key, value) in items {
      let name = key.text ?? "a key that is no name"
      let path = container.map { "\($0)/\(name)" } ?? name
      guard key.text != nil, case .tensor(let index) = value else {
        others.append(path)
        continue
      }
      let tensor = pickle.tensors[index]
      byteCount += max(tensor.count, tensor.reach) * tensor.storage.type.bytes
      guard byteCount <= max(StateDict.harmlessBytes, StateDict.largestFactor * archive.byteCount)
      else {
        throw ModelError(
          at: path,
          "with it, the tensors are more than \(StateDict.largestFactor) times as large as the file",
          remedy: "Save copies of them: "
            + "torch.save({k: v.clone() for k, v in model.state_dict().items()}, 'model.pth').")
      }
      tensors.append((name, StoredTensor(tensor, of: archive, path: path)))
    }
    try self.init(tensors, others: others)
  }

  /// The key of the dictionary that has the tensors of modules; `nil` if they are in the root.
  private static func container(in root: Items, of pickle: Pickle) throws(ModelError) -> String? {
    // Several items may have the same dictionary.
    var isStateDict: [Int: Bool] = [:]
    var groups: Set<String> = []
    for case (.text(let name), .dictionary(let index)) in root {
      let holds = isStateDict[index] ?? holdsModules(pickle.dictionaries[index])
      isStateDict[index] = holds
      if holds { groups.insert(name) }
    }
    let isRoot = holdsModules(root)
    guard isRoot || !groups.isEmpty else {
      let keys = root.compactMap(\.key.text)
      throw ModelError(
        "it holds no tensors with names of PyTorch's modules"
          + (keys.isEmpty ? "" : ", only \(ModelError.list(keys))"),
        remedy: saving)
    }
    if isRoot { groups.insert("") }
    if let known = container(among: groups) { return known }
    guard !isRoot else { return nil }
    guard groups.count == 1 else {
      let names = groups.sorted()
      throw ModelError(
        "it holds several state dicts: \(ModelError.list(names))",
        remedy: "Save one of them alone: torch.save(checkpoint['\(names[0])'], 'model.pth').")
    }
    return groups.first
  }

  private static func holdsModules(_ items: Items) -> Bool {
    items.contains { item in
      guard case .tensor = item.value, let name = item.key.text else { return false }
      return isOfModule(name)
    }
  }
}

extension Pickle {
  /// The items of a dictionary; `nil` for another value.
  fileprivate func items(
    of value: PickleValue
  ) -> [(key: PickleValue, value: PickleValue)]? {
    guard case .dictionary(let index) = value else { return nil }
    return dictionaries[index]
  }
}
