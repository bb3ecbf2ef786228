package import Tensors

/// One step of a program: a primitive's run or a small kernel.
package typealias ProgramStep = () throws -> Void

/// Collects the steps, buffers and costs of a program while its layers compile themselves.
package final class ProgramBuilder {
  package private(set) var forward: [ProgramStep] = []
  package private(set) var backward: [ProgramStep] = []
  /// Bytes of all buffers made for the program.
  package private(set) var bytes = 0
  /// Floating-point operations of one run, forward and backward.
  package private(set) var flops = 0.0
  /// Number of primitives of one run, and how many of them only bring values into another layout.
  package var primitiveCount: Int { primitives.reduce(0) { $0 + $1.primitiveCount } }
  package var reorderCount: Int { primitives.reduce(0) { $0 + $1.reorderCount } }
  package let batch: Int
  /// When the steps run that are added at the moment, which tells when a buffer is needed.
  package var time = 0
  private var primitives: [Primitive] = []
  private let memory: ActivationMemory
  /// Buffers that wait for their place, and when each holds values that somebody needs.
  private var unplaced: [(buffer: TensorBuffer, lifetime: ClosedRange<Int>)] = []
  /// Gradients that more than one layer reads.
  private var sharedGradients: Set<ObjectIdentifier> = []

  package init(batch: Int, memory: ActivationMemory = .own) {
    self.batch = batch
    self.memory = memory
  }

  /// Activations for the layer at hand, which outlive its steps where another layer reads them.
  package func activations(_ shape: ImageShape) throws -> TensorBuffer {
    guard memory == .shared else { return try lastingActivations(shape) }
    let buffer = try TensorBuffer.unplacedActivations(batch: batch, shape: shape)
    unplaced.append((buffer, time...time))
    return buffer
  }

  /// Notes that the buffers that were made at a time are read again later.
  package func hold(buffersMadeAt time: Int, until end: Int) {
    for index in unplaced.indices where unplaced[index].lifetime.lowerBound == time {
      unplaced[index].lifetime = time...end
    }
  }

  /// Notes that further layers read a gradient, so that none of them may write to it.
  package func share(_ gradient: TensorBuffer) {
    sharedGradients.insert(ObjectIdentifier(gradient.root))
  }

  /// Whether the layer at hand is the only one that reads a gradient.
  package func isOnlyReader(of gradient: TensorBuffer) -> Bool {
    !sharedGradients.contains(ObjectIdentifier(gradient.root))
  }

  /// Activations that nothing else may use in between.
  package func lastingActivations(_ shape: ImageShape) throws -> TensorBuffer {
    counted(try TensorBuffer.activations(batch: batch, shape: shape))
  }

  package func vector(_ count: Int) throws -> TensorBuffer {
    counted(try TensorBuffer.vector(count: count))
  }

  /// A vector that holds one value for good.
  package func constants(_ value: Float, count: Int) throws -> TensorBuffer {
    let buffer = try vector(count)
    try buffer.pack([Float](repeating: value, count: count))
    return buffer
  }

  /// Counts a buffer that something else made for the program.
  @discardableResult
  package func counted(_ buffer: TensorBuffer) -> TensorBuffer {
    bytes += buffer.bytes
    return buffer
  }

  /// - Parameter multiplyAdds: per example; counted as two operations each.
  package func addForward(_ primitive: Primitive, multiplyAdds: Int = 0) {
    forward.append(primitive.run)
    register(primitive, multiplyAdds)
  }

  package func addBackward(_ primitive: Primitive, multiplyAdds: Int = 0) {
    backward.append(primitive.run)
    register(primitive, multiplyAdds)
  }

  package func addForward(_ kernel: @escaping ProgramStep) { forward.append(kernel) }
  package func addBackward(_ kernel: @escaping ProgramStep) { backward.append(kernel) }

  private func register(_ primitive: Primitive, _ multiplyAdds: Int) {
    primitives.append(primitive)
    bytes += primitive.ownBytes
    flops += 2 * Double(multiplyAdds) * Double(batch)
  }

  /// Gives shared activations their places and all primitives one scratchpad: they run one after
  /// another.
  ///
  /// - Parameter lastUses: when a buffer is read last, by the buffer.
  package func finish(lastUses: [ObjectIdentifier: Int] = [:]) throws {
    try place(lastUses)
    let size = primitives.map(\.scratchpadBytes).max() ?? 0
    guard size > 0 else { return }
    let scratchpad = try vector((size + 3) / 4)
    for primitive in primitives where primitive.scratchpadBytes > 0 {
      try primitive.use(scratchpad: scratchpad)
    }
  }

  private func place(_ lastUses: [ObjectIdentifier: Int]) throws {
    guard !unplaced.isEmpty else { return }
    let plan = BufferPlan(
      unplaced.map { buffer, lifetime in
        let last = max(lifetime.upperBound, lastUses[ObjectIdentifier(buffer)] ?? 0)
        return BufferPlan.Item(bytes: buffer.bytes, lifetime: lifetime.lowerBound...last)
      })
    let arena = try vector(plan.bytes / MemoryLayout<Float>.stride)
    for ((buffer, _), offset) in zip(unplaced, plan.offsets) {
      try buffer.place(in: arena, at: offset)
    }
    unplaced = []
  }
}

/// How the activations of a program lie in memory.
package enum ActivationMemory: Sendable {
  /// Each in memory of its own, as a backward pass needs them.
  case own
  /// Where those lay that are not needed any more.
  case shared
}
