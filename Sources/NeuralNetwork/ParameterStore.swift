package import Tensors

/// The parameters of one training run, in the layouts that its programs compute with.
///
/// A class because it owns buffers that several programs (the full batch and the last, smaller one)
/// and the optimizer share. The first program that asks for a parameter decides its layout. What the
/// optimizer changes lies side by side, values and gradients in the same order, so that it can work
/// on many parameters at once.
package final class ParameterStore {
  /// A parameter and, if the optimizer changes it, its gradient.
  package struct Entry {
    package let name: ParameterName
    package let role: String
    package let value: TensorBuffer
    package let gradient: TensorBuffer?
  }

  /// Trained parameters side by side, in the order of the graph.
  package struct Block {
    package let values: TensorBuffer
    package let gradients: TensorBuffer
    package let entries: [Entry]
    /// Where each entry starts in both, in bytes.
    package let offsets: [Int]
  }

  private let initial: Network
  private let trainableLayers: Set<String>
  private var entries: [ParameterName: Entry] = [:]
  /// Entries without memory, in the order in which programs asked, which is that of the graph.
  private var unplaced: [Entry] = []
  /// What the optimizer works on.
  package private(set) var blocks: [Block] = []

  package init(network: Network, trainableLayers: Set<String>) {
    initial = network
    self.trainableLayers = trainableLayers
  }

  /// The entry of a parameter; `layout` makes its buffer the first time.
  ///
  /// What the optimizer changes has no values before ``place()``.
  package func entry(
    _ name: ParameterName, kind: ParameterSpecification.Kind,
    layout: () throws -> TensorBuffer
  ) throws -> Entry {
    if let entry = entries[name] { return entry }
    let model = try layout()
    let learns = kind == .weight && trainableLayers.contains(name.layer)
    let entry = Entry(
      name: name, role: name.role, value: learns ? try model.unplacedAlike() : model,
      gradient: learns ? try model.unplacedAlike() : nil)
    entries[name] = entry
    if learns {
      unplaced.append(entry)
    } else {
      try model.pack(initial[name].values)
    }
    return entry
  }

  /// Gives the parameters that programs have asked for their memory and their values.
  package func place() throws {
    guard !unplaced.isEmpty else { return }
    let plan = BufferPlan(sideBySide: unplaced.map(\.value.bytes))
    let count = plan.bytes / MemoryLayout<Float>.stride
    let values = try TensorBuffer.vector(count: count)
    let gradients = try TensorBuffer.vector(count: count)
    for (entry, offset) in zip(unplaced, plan.offsets) {
      try entry.value.place(in: values, at: offset)
      try entry.gradient?.place(in: gradients, at: offset)
      try entry.value.pack(initial[entry.name].values)
    }
    blocks.append(
      Block(values: values, gradients: gradients, entries: unplaced, offsets: plan.offsets))
    unplaced = []
  }

  /// What the optimizer works on, in the order of the graph.
  package var trainable: [Entry] { blocks.flatMap(\.entries) }

  /// Bytes of values and gradients.
  package var bytes: Int {
    entries.values.reduce(0) { $0 + $1.value.bytes + ($1.gradient?.bytes ?? 0) }
  }

  /// The network with the parameters as they are now.
  ///
  /// Parameters that no program asked for, those of the frozen prefix, are the ones that the store
  /// was made with.
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
