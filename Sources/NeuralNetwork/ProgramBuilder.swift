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
  package let batch: Int
  private var primitives: [Primitive] = []

  package init(batch: Int) { self.batch = batch }

  package func activations(_ shape: ImageShape) throws -> TensorBuffer {
    counted(try TensorBuffer.activations(batch: batch, shape: shape))
  }

  package func vector(_ count: Int) throws -> TensorBuffer {
    counted(try TensorBuffer.vector(count: count))
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

  /// Gives all primitives one shared scratchpad: they run one after another.
  package func finish() throws {
    let size = primitives.map(\.scratchpadBytes).max() ?? 0
    guard size > 0 else { return }
    let scratchpad = try vector((size + 3) / 4)
    for primitive in primitives where primitive.scratchpadBytes > 0 {
      try primitive.use(scratchpad: scratchpad)
    }
  }
}
