import NeuralNetwork

/// Which tensor of a file fills which slot of a model, before any values are read.
struct TensorMatch {
  struct Pair {
    let slot: TensorSlot
    let tensor: StoredTensor
  }

  var pairs: [Pair] = []
  /// Slots that the file has no tensor for, with the name of their layer.
  var missing: [(layer: String, slot: TensorSlot)] = []
  /// Tensors that the model has no slot for but does not need, with the reason.
  var unused: [LoadReport.Unused] = []
  /// Other tensors that the model has no slot for.
  var unexpected: [String] = []
  var notes: [String] = []

  /// Splits unused tensors into harmless ones and unexpected ones.
  mutating func account(for paths: [String], harmless: (String) -> String?) {
    let used = Set(pairs.flatMap(\.tensor.paths))
    for path in paths where !used.contains(path) {
      if let reason = harmless(path) {
        unused.append(LoadReport.Unused(source: path, reason: reason))
      } else {
        unexpected.append(path)
      }
    }
  }
}
