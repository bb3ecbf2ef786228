import HDF5
import NeuralNetwork
import Tensors
import Transfer

/// A weights file taken apart, to be spoilt in one respect and written again.
struct DamagedWeights {
  var tensors: [String: (shape: [Int], values: [Float])] = [:]
  var texts: [String: String] = [:]
  var numbers: [String: [Int]] = [:]

  /// - Parameter path: of whole weights.
  init(of path: String) throws {
    let root = try HDF5File.open(path).root
    let layers = try root.group("layers")
    for layer in try layers.childNames() {
      for index in try layers.group("\(layer)/vars").childNames() {
        let dataset = try layers.dataset("\(layer)/vars/\(index)")
        tensors["\(layer)/vars/\(index)"] = (dataset.shape, try dataset.read(as: Float.self))
      }
    }
    for name in ["architecture", "source_task", "digest"] {
      texts[name] = try root.attributes.readString(name)
    }
    for name in ["input_shape", "class_count"] {
      numbers[name] = try root.attributes.readNumbers(name, as: Int.self)
    }
  }

  func write(to path: String) throws {
    let file = try HDF5File.create(path)
    for (name, tensor) in tensors {
      try file.root.write(tensor.values, shape: tensor.shape, to: "layers/\(name)")
    }
    for (name, text) in texts { try file.root.attributes.write(text, to: name) }
    for (name, values) in numbers {
      // A scalar where there is one number, as the tool writes it.
      if values.count == 1, let value = values.first {
        try file.root.attributes.write(value, to: name)
      } else {
        try file.root.attributes.write(values, to: name)
      }
    }
    try file.root.attributes.write(0.99, to: "source_test_accuracy")
    try file.close()
  }

  /// Whole weights of the simple network with features so large that no head has a finite loss.
  static func writeAbsurd(from path: String, to result: String) throws {
    let model = try WeightsFile.read(path)
    var network = model.network
    let shift = ParameterName(layer: "block2_bn2", role: "beta")
    network[shift].values = network[shift].values.map { _ in 3e38 }
    try WeightsFile.write(
      PretrainedModel(
        architecture: .simple, network: network, sourceTask: model.sourceTask,
        sourceTestAccuracy: 0.5),
      to: result)
  }

  /// Whole weights of the simple network for images of another size.
  static func writeForSmallImages(to path: String) throws {
    let graph = try Architecture.simple.graph(
      inputShape: ImageShape(height: 8, width: 8, channels: 1), classes: 20)
    try WeightsFile.write(
      PretrainedModel(
        architecture: .simple, network: Network(graph: graph, seed: 1), sourceTask: "source",
        sourceTestAccuracy: 0.5),
      to: path)
  }
}
