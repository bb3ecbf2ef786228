package import Tensors

/// A small kernel that a program runs on one thread.
package typealias ProgramStep = () throws -> Void

/// Collects the steps, buffers and costs of a program while its layers compile themselves.
package final class ProgramBuilder {
  package private(set) var forward: [Stage] = []
  package private(set) var backward: [Stage] = []
  /// Bytes of all buffers of the program, without the working memory of helpers.
  package private(set) var bytes = 0
  /// Floating-point operations of one run, forward and backward.
  package private(set) var flops = 0.0
  /// Number of oneDNN primitives of one run.
  package var primitiveCount: Int { primitives.reduce(0) { $0 + $1.primitiveCount } }
  /// Number of oneDNN primitives of one run that only change the layout of values.
  package var reorderCount: Int { primitives.reduce(0) { $0 + $1.reorderCount } }
  package let batch: Int
  private let threads: Threads
  /// The number of threads besides the calling one for which there is working memory.
  private var helpers = 0
  /// The time at which the steps run that are being added; it determines the lifetimes of buffers.
  package var time = 0
  /// The primitives of the forward and the backward pass, in the order in which they run.
  package private(set) var forwardPrimitives: [Primitive] = []
  package private(set) var backwardPrimitives: [Primitive] = []
  private var primitives: [Primitive] { forwardPrimitives + backwardPrimitives }
  private let memory: ActivationMemory
  /// Buffers without memory, and the time for which the values of each are needed.
  private var unplaced: [(buffer: TensorBuffer, lifetime: ClosedRange<Int>)] = []
  /// The memory of steps that the scratchpad holds.
  private var workingMemories: [WorkingMemory] = []
  /// Gradients that more than one layer reads, by their root buffer.
  private var sharedGradients: Set<ObjectIdentifier> = []

  package init(batch: Int, memory: ActivationMemory = .own, threads: Threads = .one) {
    self.batch = batch
    self.threads = threads
    self.memory = memory
  }

  /// A buffer for activations of the current layer, which outlive its steps if another layer reads
  /// them.
  package func activations(_ shape: ImageShape) throws -> TensorBuffer {
    guard memory == .shared else { return try lastingActivations(shape) }
    let buffer = try TensorBuffer.unplacedActivations(batch: batch, shape: shape)
    unplaced.append((buffer, time...time))
    return buffer
  }

  /// Extends the lifetime of the buffers that were created at `time`, since they are read again.
  package func hold(buffersMadeAt time: Int, until end: Int) {
    for index in unplaced.indices where unplaced[index].lifetime.lowerBound == time {
      unplaced[index].lifetime = time...end
    }
  }

  /// Marks a gradient as read by several layers, so that none of them may overwrite it.
  package func share(_ gradient: TensorBuffer) {
    sharedGradients.insert(ObjectIdentifier(gradient.root))
  }

  /// Whether the current layer is the only one that reads a gradient.
  package func isOnlyReader(of gradient: TensorBuffer) -> Bool {
    !sharedGradients.contains(ObjectIdentifier(gradient.root))
  }

  /// A buffer for activations with its own memory, which is never reused.
  package func lastingActivations(_ shape: ImageShape) throws -> TensorBuffer {
    counted(try TensorBuffer.activations(batch: batch, shape: shape))
  }

  /// Memory of one step, in the scratchpad.
  ///
  /// - Parameter counts: the number of values of each part.
  package func workingMemory(_ counts: [Int]) -> WorkingMemory {
    let memory = WorkingMemory(counts: counts)
    workingMemories.append(memory)
    return memory
  }

  /// A view of activations with a row for every pixel.
  package func rows(of buffer: TensorBuffer, _ shape: ImageShape) throws -> TensorBuffer {
    let pixels = shape.height * shape.width
    guard pixels > 1 else { return buffer }
    return try buffer.reshaped(
      batch: batch * pixels, shape: ImageShape(height: 1, width: 1, channels: shape.channels))
  }

  package func vector(_ count: Int) throws -> TensorBuffer {
    counted(try TensorBuffer.vector(count: count))
  }

  /// A vector whose elements all have one constant value.
  package func constants(_ value: Float, count: Int) throws -> TensorBuffer {
    let buffer = try vector(count)
    try buffer.pack([Float](repeating: value, count: count))
    return buffer
  }

  /// Counts a buffer of the program that was created elsewhere, and returns it.
  @discardableResult
  package func counted(_ buffer: TensorBuffer) -> TensorBuffer {
    bytes += buffer.bytes
    return buffer
  }

  /// Adds a primitive to the forward pass.
  ///
  /// - Parameter multiplyAdds: multiply-adds per example; each counts as two operations.
  package func addForward(_ primitive: Primitive, multiplyAdds: Int = 0) {
    forward += primitive.stages
    forwardPrimitives.append(primitive)
    register(primitive, multiplyAdds)
  }

  package func addBackward(_ primitive: Primitive, multiplyAdds: Int = 0) {
    backward += primitive.stages
    backwardPrimitives.append(primitive)
    register(primitive, multiplyAdds)
  }

  /// Adds a kernel to the forward pass.
  ///
  /// - Parameter multiplyAdds: multiply-adds per example; each counts as two operations.
  package func addForward(multiplyAdds: Int = 0, _ kernel: @escaping ProgramStep) {
    forward.append(Stage(kernel))
    count(multiplyAdds)
  }

  package func addBackward(multiplyAdds: Int = 0, _ kernel: @escaping ProgramStep) {
    backward.append(Stage(kernel))
    count(multiplyAdds)
  }

  private func register(_ primitive: Primitive, _ multiplyAdds: Int) {
    bytes += primitive.ownBytes
    count(multiplyAdds)
  }

  private func count(_ multiplyAdds: Int) {
    flops += 2 * Double(multiplyAdds) * Double(batch)
  }

  /// Allocates memory for shared activations, and one scratchpad for all primitives and all working
  /// memory of steps, which run one after another.
  ///
  /// - Parameter lastUses: the time at which each buffer is read for the last time.
  package func finish(lastUses: [ObjectIdentifier: Int] = [:]) throws {
    try place(lastUses)
    let sizes = primitives.map(\.scratchpadBytes) + workingMemories.map(\.bytes)
    let size = sizes.max() ?? 0
    guard size > 0 else { return }
    let scratchpad = try vector((size + 3) / 4)
    for primitive in primitives where primitive.scratchpadBytes > 0 {
      try primitive.use(scratchpad: scratchpad)
    }
    for memory in workingMemories { try memory.place(in: scratchpad) }
  }

  /// The program of some stages, on the builder's threads.
  package func program(_ stages: [Stage]) -> StagedProgram {
    StagedProgram(stages, on: threads) { [self] helpers in try makeMemory(for: helpers) }
  }

  /// Allocates working memory for threads besides the calling one, which may not be needed in a
  /// run.
  private func makeMemory(for helpers: Int) throws {
    guard helpers > self.helpers else { return }
    let own = primitives.map(\.helperBytes).max() ?? 0
    let shared = primitives.map(\.sharedBytes).max() ?? 0
    guard own + shared > 0 else { return }
    let memory = try TensorBuffer.vector(
      count: (shared + helpers * own) / MemoryLayout<Float>.stride)
    for primitive in primitives {
      try primitive.use(
        helperMemory: memory, sharedBytes: shared, helperBytes: own, helpers: helpers)
    }
    self.helpers = helpers
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

/// How the activations of a program are stored.
package enum ActivationMemory: Sendable {
  /// Each buffer has its own memory.
  case own
  /// Buffers reuse the memory of buffers that are no longer needed.
  case shared
}
