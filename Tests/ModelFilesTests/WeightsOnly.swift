import HDF5
import ModelFiles
import NeuralNetwork
import Tensors

/// Weights in the layout of Keras 3 without names and configuration, as before Keras 3.6.
enum WeightsOnly {
  static func write(_ network: Network, to path: String) throws {
    let file = try HDF5File.create(path)
    let graph = network.graph
    for (node, group) in zip(graph.nodes, KerasNames.groups(of: graph)) {
      let variables = try file.root.createGroup("layers/\(group)/vars")
      for (index, specification) in node.parameters.enumerated() {
        let tensor = network[ParameterName(layer: node.name, role: specification.role)]
        try variables.write(tensor.values, shape: tensor.shape, to: "\(index)")
      }
    }
    try file.close()
  }
}
