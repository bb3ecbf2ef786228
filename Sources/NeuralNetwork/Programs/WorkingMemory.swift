package import Tensors

/// Memory of a step that lies in the scratchpad of a program: other steps and primitives use it at
/// other times, so that the values of one step are lost to the next.
///
/// A class because it gets its memory after the step was added.
package final class WorkingMemory {
  /// The number of values of each part.
  private let counts: [Int]
  private let plan: BufferPlan
  /// The parts, one after another; empty before the program is finished.
  package private(set) var parts: [TensorBuffer] = []

  init(counts: [Int]) {
    self.counts = counts
    plan = BufferPlan(sideBySide: counts.map { $0 * MemoryLayout<Float>.stride })
  }

  /// The size of all parts.
  package var bytes: Int { plan.bytes }

  func place(in scratchpad: TensorBuffer) throws {
    parts = try zip(counts, plan.offsets).map { count, offset in
      try scratchpad.stretch(at: offset, count: count)
    }
  }
}
