import NeuralNetwork
import Records
import Tensors

/// Builds a network's graph from a configuration, including models inside models.
struct GraphBuilder {
  /// The position of a value in the graph, and its shape.
  struct Place {
    let position: Int
    let shape: ValueShape
  }

  private(set) var graph: NetworkGraph
  private(set) var constants: [ParameterName: Tensor] = [:]
  var notes: [String] = []
  private var parameterCount = 0

  /// The most values of one example between two layers: 1 GiB.
  static let mostValues = 1 << 28
  private static let mostParameters = 1 << 33
  private static let mostMultiplyAdds = 1 << 50
  private static let mostNodes = 10_000

  init(inputShape: ImageShape) { graph = NetworkGraph(inputShape: inputShape) }

  /// Adds a model, and returns its output and its layers as Keras counts them.
  mutating func add(
    _ model: ModelConfiguration, path: String, input: Place
  ) throws(ModelError) -> (Place, [SourceLayer]) {
    model.isSequential
      ? try addSequential(model, path: path, input: input)
      : try addFunctional(model, path: path, input: input)
  }

  private mutating func addSequential(
    _ model: ModelConfiguration, path: String, input: Place
  ) throws(ModelError) -> (Place, [SourceLayer]) {
    var place = input
    var layers: [SourceLayer] = []
    for entry in model.entries where entry.layer.className != "InputLayer" {
      let (next, layer) = try add(entry, reading: [place])
      place = next
      if let layer { layers.append(layer) }
    }
    return (place, layers)
  }

  private mutating func addFunctional(
    _ model: ModelConfiguration, path: String, input: Place
  ) throws(ModelError) -> (Place, [SourceLayer]) {
    try checkConnections(of: model, path: path)
    var places: [String: Place] = [:]
    var layers: [String: SourceLayer] = [:]
    var open = model.entries
    while !open.isEmpty {
      var waiting: [ModelConfiguration.Entry] = []
      for entry in open {
        let name = entry.layer.name
        if entry.layer.className == "InputLayer" {
          places[name] = input
          layers[name] = SourceLayer(
            name: name, className: "InputLayer", isTrainable: true, slots: [], children: [])
          continue
        }
        let inputs = entry.inputs.compactMap { places[$0] }
        guard inputs.count == entry.inputs.count else {
          waiting.append(entry)
          continue
        }
        let (place, layer) = try add(entry, reading: inputs)
        places[name] = place
        layers[name] = layer
      }
      guard waiting.count < open.count else {
        throw ModelError(
          "the layers \(ModelError.list(waiting.map(\.layer.path))) form a cycle")
      }
      open = waiting
    }
    guard let output = places[model.output] else {
      throw ModelError("its output '\(model.output)' was not reached\(path.within)")
    }
    return (output, model.entries.compactMap { layers[$0.layer.name] })
  }

  /// Throws for unknown inputs, second inputs and layers that lead nowhere.
  private func checkConnections(
    of model: ModelConfiguration, path: String
  ) throws(ModelError) {
    var inputs: [String: [String]] = [:]
    for entry in model.entries { inputs[entry.layer.name] = entry.inputs }
    for entry in model.entries {
      if let unknown = entry.inputs.first(where: { inputs[$0] == nil }) {
        throw entry.layer.error("reads '\(unknown)', which is not a layer\(path.within)")
      }
    }
    var reached: Set<String> = [model.output]
    var open = [model.output]
    while let name = open.popLast() {
      for input in inputs[name] ?? [] where reached.insert(input).inserted { open.append(input) }
    }
    for entry in model.entries where entry.layer.name != model.input {
      guard entry.layer.className != "InputLayer" else {
        throw entry.layer.error("is a second input; models with several inputs are not supported")
      }
      guard reached.contains(entry.layer.name) else {
        throw entry.layer.error("does not lead to the output '\(model.output)'\(path.within)")
      }
    }
  }

  private mutating func add(
    _ entry: ModelConfiguration.Entry, reading inputs: [Place]
  ) throws(ModelError) -> (Place, SourceLayer?) {
    let layer = entry.layer
    if let note = entry.note { notes.append(note) }
    if let nested = entry.nested {
      guard inputs.count == 1 else { throw layer.error("is a model with several inputs") }
      let model = try ModelConfiguration(
        nested, path: layer.path, kerasVersion: layer.kerasVersion)
      let (place, children) = try add(model, path: layer.path, input: inputs[0])
      return (
        place,
        SourceLayer(
          name: layer.name, className: layer.className == "Model" ? "Functional" : layer.className,
          isTrainable: layer.isTrainable, slots: [], children: children)
      )
    }
    guard !layer.isOperation else {
      guard let operation = Operation(layer) else {
        throw layer.unsupported(reading: inputs.map { name(at: $0.position) })
      }
      let added = try add(
        operation.plan(for: layer, inputs.map(\.shape)), for: layer, reading: inputs)
      // Operations of Keras 3 are not among a model's layers.
      return layer.className.hasSuffix("OpLambda") ? added : (added.0, nil)
    }
    guard let family = LayerFamilies.family(of: layer.className) else {
      throw layer.unsupported(reading: inputs.map { name(at: $0.position) })
    }
    guard inputs.count == 1 || family == MergeFamily.self else {
      throw layer.error("has \(inputs.count) inputs")
    }
    let plan = try family.plan(for: layer, inputs.map(\.shape))
    return try add(plan, for: layer, reading: inputs)
  }

  private func name(at position: Int) -> String {
    position == NetworkGraph.input ? "the input" : "'\(graph.nodes[position].name)'"
  }

  private mutating func add(
    _ plan: LayerPlan, for layer: LayerConfiguration, reading inputs: [Place]
  ) throws(ModelError) -> (Place, SourceLayer) {
    if let note = plan.note { notes.append(note) }
    try layer.requireOwnAxes(plan, inputs.map(\.shape))
    var positions = inputs.map(\.position)
    var added: [Int] = []
    for step in plan.steps {
      let name = step.suffix.map { "\(layer.path)/\($0)" } ?? layer.path
      let sources = step.sources?.map { source in
        switch source {
        case .input(let index): inputs[index].position
        case .step(let index): added[index]
        }
      }
      positions = [try append(name, step.layer, after: sources ?? positions, for: layer)]
      added += positions
    }
    let slots = try slots(of: plan, for: layer, at: added)
    for constant in plan.constants {
      let name = ParameterName(layer: graph.nodes[added[constant.step]].name, role: constant.role)
      constants[name] = Tensor(shape: [constant.values.count], values: constant.values)
    }
    let isVector = plan.yieldsVector ?? inputs[0].shape.isVector
    let isMatrix = plan.yieldsMatrix || plan.yieldsVector == nil && inputs[0].shape.isMatrix
    let place = Place(
      position: positions[0],
      shape: ValueShape(
        image: graph.shape(at: positions[0]), isVector: isVector, isMatrix: isMatrix))
    return (
      place,
      SourceLayer(
        name: layer.name, className: layer.className, isTrainable: layer.isTrainable, slots: slots,
        children: [])
    )
  }

  private func slots(
    of plan: LayerPlan, for layer: LayerConfiguration, at positions: [Int]
  ) throws(ModelError) -> [TensorSlot] {
    guard let tensors = plan.tensors else {
      return positions.map { graph.nodes[$0] }.flatMap { node in
        node.parameters.map { TensorSlot(node: node.name, $0) }
      }
    }
    var slots: [TensorSlot] = []
    for tensor in tensors {
      guard let (step, role) = tensor.target else {
        slots.append(
          TensorSlot(
            names: tensor.names, shape: tensor.shape ?? [], target: nil,
            isWeight: tensor.isWeight))
        continue
      }
      let node = graph.nodes[positions[step]]
      guard let specification = node.parameters.first(where: { $0.role == role }) else {
        throw layer.error("has no place for its \(role)")
      }
      slots.append(
        TensorSlot(
          names: tensor.names, shape: tensor.shape ?? specification.shape,
          target: ParameterName(layer: node.name, role: role), isWeight: tensor.isWeight))
    }
    return slots
  }

  /// Adds a node after checking that its sizes do not overflow and fit into memory.
  private mutating func append(
    _ name: String, _ layer: any Layer, after positions: [Int],
    for configuration: LayerConfiguration
  ) throws(ModelError) -> Int {
    let shapes = positions.map(graph.shape(at:))
    guard let output = layer.outputShape(of: shapes), output.height > 0, output.width > 0,
      output.channels > 0
    else {
      throw configuration.error(
        "does not accept inputs of shape " + shapes.map(\.description).joined(separator: ", "))
    }
    let parameters = layer.parameters(for: shapes[0]).reduce(0) { $0 + $1.count }
    parameterCount += parameters
    guard output.count <= GraphBuilder.mostValues, parameterCount <= GraphBuilder.mostParameters,
      layer.multiplyAdds(for: shapes[0], output: output) <= GraphBuilder.mostMultiplyAdds,
      graph.nodes.count < GraphBuilder.mostNodes
    else {
      throw configuration.error(
        "is too large: its output is \(output), and the model has \(parameterCount) parameters")
    }
    do {
      return try graph.add(name, layer, .late, after: positions)
    } catch {
      throw configuration.error("cannot be added: \(error)")
    }
  }
}

extension LayerConfiguration {
  /// The error about a class that no family has, with the names of the layers before it.
  fileprivate func unsupported(reading inputs: [String]) -> ModelError {
    let origin = module.map { " of \($0)" } ?? ""
    let registered = options["registered_name"]?.string.map { ", registered as \($0)" } ?? ""
    var remedy: String?
    if isOperation {
      return ModelError(
        "the layer '\(path)' after \(ModelError.list(inputs)) is the operation '\(operation)', "
          + "which is not supported", remedy: LayerConfiguration.withoutOperation)
    }
    if className == "Lambda" {
      remedy =
        "Such a layer contains a program, which is never run: replace it with layers of Keras."
    }
    return ModelError(
      "the layer '\(path)' after \(ModelError.list(inputs)) is of the class '\(className)'"
        + "\(origin)\(registered), which is not supported", remedy: remedy)
  }
}
