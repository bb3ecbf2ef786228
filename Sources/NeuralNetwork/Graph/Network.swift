import Records
package import Tensors

/// A network as a value: its graph and all its parameters, including moving statistics.
package struct Network: Sendable {
  package let graph: NetworkGraph
  package private(set) var parameters: [ParameterName: Tensor]

  /// Creates a network from exactly the parameters that the graph needs, each in its shape.
  package init(
    graph: NetworkGraph, parameters: [ParameterName: Tensor]
  ) throws(NetworkError) {
    let expected = graph.parameters
    let names = Set(expected.map(\.name))
    let missing = expected.map(\.name).filter { parameters[$0] == nil }
    let unexpected = parameters.keys.filter { !names.contains($0) }.map(\.description).sorted()
    let misshapen = expected.compactMap { name, specification -> String? in
      guard let found = parameters[name]?.shape, found != specification.shape else { return nil }
      return "\(name) is \(found) instead of \(specification.shape)"
    }
    guard missing.isEmpty, unexpected.isEmpty, misshapen.isEmpty else {
      throw .parameters(
        missing: missing.map(\.description), unexpected: unexpected, misshapen: misshapen)
    }
    self.graph = graph
    self.parameters = parameters
  }

  /// Creates a network whose parameters are initialized if they are not given.
  ///
  /// The initial values of a parameter depend only on the seed and its name, so that layers with
  /// the same name and shape start equal in different networks.
  ///
  /// - Precondition: given parameters have the shapes that the graph requires.
  package init(graph: NetworkGraph, seed: UInt64, taking given: [ParameterName: Tensor] = [:]) {
    self.graph = graph
    parameters = Dictionary(
      uniqueKeysWithValues: graph.parameters.map { name, specification in
        let value = given[name] ?? Network.initial(specification, name: name, seed: seed)
        precondition(value.shape == specification.shape, "\(name) has a wrong shape")
        return (name, value)
      })
  }

  private static func initial(
    _ specification: ParameterSpecification, name: ParameterName, seed: UInt64
  ) -> Tensor {
    switch specification.initialization {
    case .zeros: return Tensor(repeating: 0, shape: specification.shape)
    case .ones: return Tensor(repeating: 1, shape: specification.shape)
    case .glorotUniform(let fanIn, let fanOut):
      let limit = (6 / Float(fanIn + fanOut)).squareRoot()
      var generator = CounterGenerator(
        seed: seed, stream: ContentDigest.seed("initialization", name.description))
      let values = (0..<specification.count).map { _ in generator.uniform(in: -limit..<limit) }
      return Tensor(shape: specification.shape, values: values)
    case .normal(let deviation):
      var generator = CounterGenerator(
        seed: seed, stream: ContentDigest.seed("initialization", name.description))
      let values = (0..<specification.count).map { _ in deviation * generator.normal() }
      return Tensor(shape: specification.shape, values: values)
    }
  }

  /// The value of a parameter.
  ///
  /// - Precondition: the graph has this parameter, and a new value has its shape.
  package subscript(name: ParameterName) -> Tensor {
    get {
      guard let tensor = parameters[name] else { preconditionFailure("unknown parameter \(name)") }
      return tensor
    }
    set {
      precondition(parameters[name]?.shape == newValue.shape, "\(name) has a wrong shape")
      parameters[name] = newValue
    }
  }

  /// Number of values that an optimizer could change; moving statistics are not counted.
  ///
  /// - Parameters:
  ///   - layers: the layers to count (default: all).
  ///   - excluded: parameters that are not counted (default: none).
  package func weightCount(
    in layers: Set<String>? = nil, except excluded: Set<ParameterName> = []
  ) -> Int {
    graph.weights(in: layers, except: excluded).reduce(0) { $0 + $1.specification.count }
  }
}
