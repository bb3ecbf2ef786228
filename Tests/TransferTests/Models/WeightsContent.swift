import Foundation
import HDF5
import ModelFiles
import NeuralNetwork
import Tensors
import Transfer

/// A weights file, written by hand, that can be spoilt in one respect.
struct WeightsContent {
  /// A dataset by its path, such as `layers/conv2d/vars/0`.
  struct Entry {
    var shape: [Int]
    var values: [Float]
  }

  var entries: [String: Entry] = [:]
  var architecture: String?
  var inputShape: [Int]
  var classCount: Int
  var sourceTask: String? = "sample"
  var accuracy: Double? = 0.875
  var digest: String?

  init(_ model: PretrainedModel) {
    let graph = model.network.graph
    for (node, group) in zip(graph.nodes, KerasNames.groups(of: graph)) {
      for (index, specification) in node.parameters.enumerated() {
        let tensor = model.network[ParameterName(layer: node.name, role: specification.role)]
        entries["layers/\(group)/vars/\(index)"] = Entry(
          shape: tensor.shape, values: tensor.values)
      }
    }
    architecture = model.architecture
    let shape = model.inputShape
    inputShape = [shape.height, shape.width, shape.channels]
    classCount = graph.outputShape.channels
    digest = model.digest
  }

  func write(to path: String) throws {
    let file = try HDF5File.create(path)
    for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
      try file.root.write(entry.values, shape: entry.shape, to: name)
    }
    let attributes = file.root.attributes
    if let architecture { try attributes.write(architecture, to: "architecture") }
    try attributes.write(inputShape, to: "input_shape")
    try attributes.write(classCount, to: "class_count")
    if let sourceTask { try attributes.write(sourceTask, to: "source_task") }
    if let accuracy { try attributes.write(accuracy, to: "source_test_accuracy") }
    if let digest { try attributes.write(digest, to: "digest") }
    try file.close()
  }
}
