package import Tensors

/// The parameters of one training run, in the layouts that its programs compute with.
///
/// A class because it owns buffers that several programs (for full batches and for the last,
/// smaller batch) and the optimizer share. The first program that requests a parameter determines
/// its layout. Parameters that the optimizer changes are contiguous in memory, values and gradients
/// in the same order, so that it can update many parameters with one call.
package final class ParameterStore {
  /// A parameter and, if the optimizer changes it, its gradient.
  package struct Entry {
    package let name: ParameterName
    package let role: String
    package let value: TensorBuffer
    package let gradient: TensorBuffer?
  }

  /// Trained parameters that are contiguous in memory, in the order of the graph.
  package struct Block {
    package let values: TensorBuffer
    package let gradients: TensorBuffer
    package let entries: [Entry]
    /// The offset of each entry in `values` and `gradients`, in bytes.
    package let offsets: [Int]
  }

  private let initial: Network
  /// The parameters that the optimizer changes.
  private let trained: Set<ParameterName>
  private var entries: [ParameterName: Entry] = [:]
  /// Buffers that programs compute from parameters in every step.
  private var derived: [ParameterName: TensorBuffer] = [:]
  /// Entries without memory, in the order in which programs requested them, that of the graph.
  private var unplaced: [Entry] = []
  /// The blocks of parameters that the optimizer changes.
  package private(set) var blocks: [Block] = []

  /// - Parameter frozenParameters: parameters of trainable layers that do not change (default:
  ///   none).
  package init(
    network: Network, trainableLayers: Set<String>, frozenParameters: Set<ParameterName> = []
  ) {
    initial = network
    let weights = network.graph.weights(in: trainableLayers, except: frozenParameters)
    trained = Set(weights.map(\.name))
  }

  /// The entry of a parameter; at the first call, `layout` creates its buffer.
  ///
  /// Parameters that the optimizer changes have no values before ``place()``.
  package func entry(
    _ name: ParameterName, layout: () throws -> TensorBuffer
  ) throws -> Entry {
    if let entry = entries[name] { return entry }
    let model = try layout()
    let learns = trained.contains(name)
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

  /// A buffer for values that are computed from parameters in every step, shared by all programs.
  package func derived(
    _ name: ParameterName, layout: () throws -> TensorBuffer
  ) rethrows -> TensorBuffer {
    if let buffer = derived[name] { return buffer }
    let buffer = try layout()
    derived[name] = buffer
    return buffer
  }

  /// Allocates memory for the requested parameters and sets their values.
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

  /// The parameters that the optimizer changes, in the order of the graph.
  package var trainable: [Entry] { blocks.flatMap(\.entries) }

  /// Bytes of values, gradients and what is computed from the values.
  package var bytes: Int {
    entries.values.reduce(0) { $0 + $1.value.bytes + ($1.gradient?.bytes ?? 0) }
      + derived.values.reduce(0) { $0 + $1.bytes }
  }

  /// The network with the current values of the parameters.
  ///
  /// Parameters that no program requested, such as those of the frozen prefix, have the values of
  /// the initial network.
  package func network() throws -> Network {
    var result = initial
    for entry in entries.values {
      let values = try entry.value.unpack()
      result[entry.name] = Tensor(shape: result[entry.name].shape, values: values)
    }
    return result
  }

  /// The gradient of the last step, in the order of the files; `nil` for a parameter that is not
  /// trained.
  package func gradient(of name: ParameterName) throws -> [Float]? {
    guard let gradient = entries[name]?.gradient else { return nil }
    return try gradient.unpack()
  }
}
