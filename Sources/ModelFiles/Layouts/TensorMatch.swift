import NeuralNetwork

/// Which tensor of a file fills which slot of a model, before anything is read.
struct TensorMatch {
  struct Pair {
    let slot: TensorSlot
    let tensor: StoredTensor
  }

  var pairs: [Pair] = []
  /// Slots that the file has no tensor for, with the name of their layer.
  var missing: [(layer: String, slot: TensorSlot)] = []
  /// Tensors that a model has no place for and that are no loss.
  var unused: [LoadReport.Unused] = []
  /// Tensors that a model has no place for.
  var unexpected: [String] = []
  var notes: [String] = []

  /// Sorts what was not used into what is no loss and what is.
  mutating func account(for paths: [String], harmless: (String) -> String?) {
    let used = Set(pairs.map(\.tensor.path))
    for path in paths where !used.contains(path) {
      if let reason = harmless(path) {
        unused.append(LoadReport.Unused(source: path, reason: reason))
      } else {
        unexpected.append(path)
      }
    }
  }
}
