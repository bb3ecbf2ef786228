import NeuralNetwork
import Tensors

/// Fills a network strictly: every tensor used or named, every parameter filled, shapes equal,
/// values finite.
struct TensorLoader {
  let plan: ModelPlan
  let match: TensorMatch
  let allowsPartial: Bool

  /// The network, and the report on how the tensors were used.
  func load() throws -> (Network, LoadReport) {
    var report = LoadReport()
    report.layerCount = plan.layerCount
    report.parameterCount = plan.layers.reduce(0) { $0 + $1.parameterCount }
    report.notes = plan.notes + match.notes
    report.unused = match.unused

    let misshapen = match.pairs.filter { $0.tensor.shape != $0.slot.shape }
    let missing = match.missing.map { layer, slot in
      slot.target?.description ?? "\(layer)/\(slot.names[0])"
    }
    if allowsPartial {
      report.unused += match.unexpected.map {
        LoadReport.Unused(source: $0, reason: "the network has no place for it")
      }
      report.unused += misshapen.map {
        LoadReport.Unused(source: $0.tensor.path, reason: mismatch(of: $0))
      }
    } else {
      try refuse(missing: missing, misshapen: misshapen.map { mismatch(of: $0) })
    }

    var parameters = plan.constants
    for pair in match.pairs where pair.tensor.shape == pair.slot.shape {
      guard let target = pair.slot.target else {
        report.unused.append(
          LoadReport.Unused(source: pair.tensor.path, reason: "Keras stores it but never reads it")
        )
        continue
      }
      let values = try checkedValues(of: pair.tensor)
      if target.role.hasSuffix("variance"), let negative = values.first(where: { $0 < 0 }) {
        throw ModelError(at: pair.tensor.path, "\(target) has the negative variance \(negative)")
      }
      parameters[target] = Tensor(
        shape: shapes[target] ?? [],
        values: pair.slot.transform.apply(values, shape: pair.slot.shape)
      )
      report.loaded += pair.tensor.paths.map { LoadReport.Loaded(source: $0, parameter: target) }
    }
    if allowsPartial {
      report.unfilled = plan.graph.parameters.map(\.name).filter { parameters[$0] == nil }
      guard !report.loaded.isEmpty else {
        throw ModelError("not one of its tensors fits the network")
      }
      for (name, fresh) in Network(graph: plan.graph, seed: 0).parameters
      where parameters[name] == nil { parameters[name] = fresh }
    }
    return (try Network(graph: plan.graph, parameters: parameters), report)
  }

  private let shapes: [ParameterName: [Int]]

  init(plan: ModelPlan, match: TensorMatch, allowsPartial: Bool) {
    self.plan = plan
    self.match = match
    self.allowsPartial = allowsPartial
    shapes = Dictionary(
      plan.graph.parameters.map { ($0.name, $0.specification.shape) },
      uniquingKeysWith: { first, _ in first })
  }

  private func mismatch(of pair: TensorMatch.Pair) -> String {
    let name = pair.slot.target?.description ?? pair.slot.names[0]
    return "\(name) is \(pair.tensor.shape) in the file instead of \(pair.slot.shape)"
  }

  private func refuse(missing: [String], misshapen: [String]) throws(ModelError) {
    let parts = [
      ("the network needs and the file lacks", missing),
      ("the file has and the network does not", match.unexpected),
      ("the shapes differ:", misshapen),
    ].filter { !$0.1.isEmpty }
    guard !parts.isEmpty else { return }
    throw ModelError(
      "the tensors do not fit the network: "
        + parts.map { "\($0.0) \(ModelError.list($0.1))" }.joined(separator: "; "),
      remedy: "Check the architecture, or load what fits with `allowPartial`.")
  }

  private func checkedValues(of tensor: StoredTensor) throws -> [Float] {
    let values = try tensor.values()
    // The exponent of infinities and NaN is all ones; this form of the test is quick.
    let exponent: UInt32 = 0x7F80_0000
    var bad = 0
    for value in values where value.bitPattern & exponent == exponent { bad += 1 }
    guard bad == 0 else {
      let first = values.firstIndex { !$0.isFinite } ?? 0
      throw ModelError(
        at: tensor.path,
        "\(bad) of its values are not finite, the first (\(values[first])) at \(first)",
        remedy: "The training that made the file has diverged, or the file is damaged.")
    }
    return values
  }
}
