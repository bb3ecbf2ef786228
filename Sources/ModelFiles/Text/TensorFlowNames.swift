import HDF5

/// The names of an encoder's tensors as the TensorFlow classes of transformers write them to
/// `tf_model.h5`, in the layout of Keras 2.
///
/// The path of a tensor is `/<layer>/<model>/<name>`, such as
/// `/bert/tf_bert_model/bert/encoder/layer_._0/output/dense/kernel:0`. The layer is the first part
/// of the name, unless a head stores a tensor of the encoder a second time.
enum TensorFlowNames {
  /// The names of roles that differ from those of PyTorch.
  private static let roles = [
    "kernel": "weight", "embeddings": "weight", "gamma": "weight", "beta": "bias",
  ]

  /// The name that transformers gives a tensor in PyTorch, such as
  /// `bert.encoder.layer.0.output.dense.weight`; `nil` for paths of another form.
  static func torchName(of path: String) -> String? {
    var parts = path.split(separator: "/").dropFirst(2).map(String.init)
    guard parts.count > 1, let last = parts.popLast() else { return nil }
    let role = last.hasSuffix(":0") ? String(last.dropLast(2)) : last
    // Layers of heads are called by two names, such as mlm___cls; the second is that of PyTorch.
    parts = parts.map { part in
      part.firstRange(of: "___").map { String(part[$0.upperBound...]) } ?? part
    }
    return (parts + [roles[role] ?? role]).joined(separator: ".").replacing("_._", with: ".")
  }

  /// Whether the root of a file in the layout of Keras 2 holds an encoder.
  ///
  /// Only transformers numbers layers like `layer_._0`.
  static func isRecognized(_ root: HDF5Group) throws -> Bool {
    let paths = try root.datasetPaths()
    return paths.contains { $0.contains("_._") }
      || EncoderTensors.isRecognized(paths.compactMap(torchName(of:)))
  }

  /// The tensors of a file.
  static func read(_ root: HDF5Group) throws -> EncoderFile {
    var paths: [String: String] = [:]
    var copies: [String: String] = [:]
    // What has no name of its own is found under its path.
    func addUnnamed(_ path: String) { paths[path] = path }
    for path in try root.datasetPaths() {
      guard let name = torchName(of: path) else {
        addUnnamed(path)
        continue
      }
      guard let known = paths[name] else {
        paths[name] = path
        continue
      }
      // Of two tensors with one name, that of a head is a copy.
      let (own, copy) = isOfItsLayer(known) ? (known, path) : (path, known)
      paths[name] = own
      addUnnamed(copy)
      let haveOneShape = try root.dataset(own).shape == root.dataset(copy).shape
      if isOfItsLayer(own), !isOfItsLayer(copy), haveOneShape { copies[copy] = "a copy of \(own)" }
    }
    let tensors: [(name: String, tensor: StoredTensor)] = try paths.map {
      ($0.key, try root.storedTensor($0.value))
    }
    return EncoderFile(
      try StateDict(tensors, others: []), as: .tensorFlow, ignoring: copies)
  }

  /// Whether the first part of a tensor's name is the layer that stores it.
  private static func isOfItsLayer(_ path: String) -> Bool {
    let parts = path.split(separator: "/")
    return parts.count > 3 && parts[0] == parts[2]
  }
}
