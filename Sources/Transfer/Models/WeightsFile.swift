package import HDF5
import ModelFiles
import NeuralNetwork
import Records
import Tensors

/// Pretrained weights in a file that both tlbench and Keras can read.
///
/// The layout is that of Keras 3's `.weights.h5`: `/layers/<class>[_<number>]/vars/<index>`,
/// kernels `[height, width, in, out]` and `[in, out]`, normalizations as gamma, beta, moving mean,
/// moving variance; the attribute `name` of `vars` is the layer's name. The root has attributes
/// that Keras does not need: `architecture`, `input_shape`, `class_count`, `source_task`,
/// `source_test_accuracy`, `digest`.
package enum WeightsFile {
  private static let reading = "cannot read the weights"
  private static let makeIt = "Make weights with 'tlbench pretrain'."
  private static let layout = "Weights that 'tlbench pretrain' writes have the expected layout."

  /// The path of the weights of an architecture in a folder.
  ///
  /// - Parameter family: how the images of the source task are made (default: as hierarchies).
  package static func path(
    of architecture: Architecture, family: TaskFamily = .hierarchy, in folder: String
  ) -> String {
    "\(folder)/\(family.prefix)\(architecture.rawValue).weights.h5"
  }

  /// Whether a file has weights that tlbench wrote; false if it cannot be read as HDF5.
  ///
  /// - Throws: `Failure` of kind `inputMissing` if the file does not exist.
  package static func isOne(_ path: String, by access: FileAccess = .thisProcess) throws -> Bool {
    do {
      let root = try HDF5File.open(path, by: access).root
      return try root.attributes.contains("source_task")
        && root.attributes.contains("architecture")
    } catch let error as HDF5Error where error.code == .cannotOpen {
      throw Failure(reading: error, attempt: reading, makeIt: makeIt, layout: layout)
    } catch is HDF5Error {
      return false
    }
  }

  /// Writes a model; an existing file is replaced only after everything was written.
  ///
  /// - Throws: `Failure` of kind `cannotCreate` or `inputOutput`.
  package static func write(_ model: PretrainedModel, to path: String) throws {
    try HDF5File.replacing(path, attempt: "cannot write the weights") { root in
      let graph = model.network.graph
      for (node, group) in zip(graph.nodes, KerasNames.groups(of: graph)) {
        let variables = try root.createGroup("layers/\(group)/vars")
        try variables.attributes.write(node.name, to: "name")
        for (index, specification) in node.parameters.enumerated() {
          let tensor = model.network[ParameterName(layer: node.name, role: specification.role)]
          _ = try variables.write(tensor.values, shape: tensor.shape, to: "\(index)")
        }
      }
      _ = try root.createGroup("vars")
      let attributes = root.attributes
      let shape = model.inputShape
      try attributes.write(model.architecture, to: "architecture")
      try attributes.write([shape.height, shape.width, shape.channels], to: "input_shape")
      try attributes.write(graph.outputShape.channels, to: "class_count")
      try attributes.write(model.sourceTask, to: "source_task")
      if let accuracy = model.sourceTestAccuracy {
        try attributes.write(accuracy, to: "source_test_accuracy")
      }
      try attributes.write(model.digest, to: "digest")
    }
  }

  /// Reads a model strictly: every parameter must be present, have the expected shape, be finite
  /// and be unchanged since it was written; other parameters are an error.
  ///
  /// - Parameters:
  ///   - expected: the architecture that the file must have; any architecture if `nil`.
  ///   - access: the process that reads the file; a separate one for files that may be damaged.
  /// - Throws: `Failure` of kind `inputMissing` or `badData`.
  package static func read(
    _ path: String, expecting expected: Architecture? = nil,
    by access: FileAccess = .thisProcess
  ) throws -> PretrainedModel {
    do {
      return try readContents(of: path, expecting: expected, by: access)
    } catch let error as HDF5Error {
      throw Failure(reading: error, attempt: reading, makeIt: makeIt, layout: layout)
    }
  }

  private static func readContents(
    of path: String, expecting expected: Architecture?, by access: FileAccess
  ) throws -> PretrainedModel {
    let root = try HDF5File.open(path, by: access).root
    let attributes = root.attributes
    func bad(_ object: String, _ reason: String, _ remedy: String) -> Failure {
      Failure(.badData, reading, on: "\(path):\(object)", because: reason, remedy: remedy)
    }
    guard try attributes.contains("architecture") else {
      throw bad("/", "it has no attribute 'architecture', so tlbench did not write it", makeIt)
    }
    let name = try attributes.readString("architecture")
    let known = Architecture.allCases.map(\.rawValue).joined(separator: ", ")
    guard let architecture = Architecture(rawValue: name) else {
      throw bad("/", "the architecture '\(name)' is unknown", "The known ones are \(known).")
    }
    guard expected == nil || expected == architecture else {
      throw bad(
        "/", "the weights are for '\(name)', not for '\(expected?.rawValue ?? "")'",
        "Give the weights of that architecture, or `architecture` \(name).")
    }
    let extent = try attributes.readNumbers("input_shape", as: Int.self)
    let classes = try attributes.readNumber("class_count", as: Int.self)
    let largest = 65_536
    guard extent.count == 3, extent.allSatisfy({ (1...largest).contains($0) }),
      (2...largest).contains(classes)
    else {
      throw bad("/", "input_shape \(extent) or class_count \(classes) makes no sense", layout)
    }
    let shape = ImageShape(height: extent[0], width: extent[1], channels: extent[2])
    let graph: NetworkGraph
    do {
      graph = try architecture.graph(inputShape: shape, classes: classes)
    } catch let failure as Failure {
      throw bad("/", failure.reason, layout)
    } catch let error as NetworkError {
      throw bad("/", "input_shape \(extent) makes no sense: \(error)", layout)
    }
    let accuracy = try attributes.readNumber("source_test_accuracy", as: Double.self)
    guard (0...1).contains(accuracy) else {
      throw bad("/", "source_test_accuracy \(accuracy) makes no sense", layout)
    }
    let model = PretrainedModel(
      architecture: architecture,
      network: try Network(graph: graph, parameters: try parameters(of: graph, in: root, path)),
      sourceTask: try attributes.readString("source_task"),
      sourceTestAccuracy: accuracy)
    if let place = try unexpectedObject(under: root, of: graph) {
      throw bad("/\(place)", "the \(name) network does not have it", makeIt)
    }
    guard try attributes.readString("digest") == model.digest else {
      throw bad("/", "the content does not match its digest: it was changed or damaged", makeIt)
    }
    return model
  }

  private static func parameters(
    of graph: NetworkGraph, in root: HDF5Group, _ path: String
  ) throws -> [ParameterName: Tensor] {
    var result: [ParameterName: Tensor] = [:]
    for (node, group) in zip(graph.nodes, KerasNames.groups(of: graph)) {
      for (index, specification) in node.parameters.enumerated() {
        let place = "layers/\(group)/vars/\(index)"
        let dataset = try root.dataset(place)
        func bad(_ reason: String) -> Failure {
          Failure(
            .badData, reading, on: "\(path):/\(place)",
            because: "\(node.name)/\(specification.role) \(reason)", remedy: makeIt)
        }
        guard dataset.shape == specification.shape else {
          throw bad("has shape \(dataset.shape) instead of \(specification.shape)")
        }
        let values = try dataset.read(as: Float.self)
        if let position = values.firstIndex(where: { !$0.isFinite }) {
          throw bad("has \(values[position]) at position \(position)")
        }
        result[ParameterName(layer: node.name, role: specification.role)] = Tensor(
          shape: specification.shape, values: values)
      }
    }
    return result
  }

  /// The path of a layer or tensor in the file that the network does not have; `nil` if there is
  /// none.
  private static func unexpectedObject(
    under root: HDF5Group, of graph: NetworkGraph
  ) throws -> String? {
    let groups = KerasNames.groups(of: graph)
    let layers = try root.group("layers").childNames()
    if let layer = layers.first(where: { !groups.contains($0) }) { return "layers/\(layer)" }
    for (node, group) in zip(graph.nodes, groups) {
      let place = "layers/\(group)/vars"
      // Other tools may omit the groups of layers without parameters.
      guard try root.contains(place) else { continue }
      let expected = node.parameters.indices.map(String.init)
      let names = try root.group(place).childNames()
      if let name = names.first(where: { !expected.contains($0) }) { return "\(place)/\(name)" }
    }
    return nil
  }
}
