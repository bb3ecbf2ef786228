package import Tensors

/// The parameters of one training run, in the layouts that its programs compute with.
///
/// A class because it owns buffers that several programs (the full batch and the last, smaller one)
/// and the optimizer share. The first program that asks for a parameter decides its layout.
package final class ParameterStore {
  /// A parameter and, if the optimizer changes it, its gradient.
  package struct Entry {
    package let name: ParameterName
    package let role: String
    package let value: TensorBuffer
    package let gradient: TensorBuffer?
  }

  private let initial: Network
  private let trainableLayers: Set<String>
  private var entries: [ParameterName: Entry] = [:]
  /// In the order in which programs asked, which is the order of the graph.
  private var order: [ParameterName] = []

  package init(network: Network, trainableLayers: Set<String>) {
    initial = network
    self.trainableLayers = trainableLayers
  }

  /// The entry of a parameter; `layout` makes its buffer the first time.
  package func entry(
    _ name: ParameterName, kind: ParameterSpecification.Kind,
    layout: () throws -> TensorBuffer
  ) throws -> Entry {
    if let entry = entries[name] { return entry }
    let value = try layout()
    try value.pack(initial[name].values)
    let learns = kind == .weight && trainableLayers.contains(name.layer)
    let entry = Entry(
      name: name, role: name.role, value: value, gradient: learns ? try value.alike() : nil)
    entries[name] = entry
    order.append(name)
    return entry
  }

  /// What the optimizer works on, in the order of the graph.
  package var trainable: [Entry] {
    order.compactMap { entries[$0] }.filter { $0.gradient != nil }
  }

  /// Bytes of values and gradients.
  package var bytes: Int {
    entries.values.reduce(0) { $0 + $1.value.bytes + ($1.gradient?.bytes ?? 0) }
  }

  /// The network with the parameters as they are now.
  ///
  /// Parameters that no program asked for, those
  /// of the frozen prefix, are the ones that the store was made with.
  package func network() throws -> Network {
    var result = initial
    for entry in entries.values {
      let values = try entry.value.unpack()
      result[entry.name] = Tensor(shape: result[entry.name].shape, values: values)
    }
    return result
  }

  /// The gradient that the last step left, in the order of the files; `nil` for what is not
  /// trained.
  package func gradient(of name: ParameterName) throws -> [Float]? {
    guard let gradient = entries[name]?.gradient else { return nil }
    return try gradient.unpack()
  }
}
