import COneDNN

/// One computation bound to its buffers, ready to run any number of times.
///
/// A class because it owns compiled code. It keeps its buffers alive. Not for use by two threads at
/// the same time, except for the units of a stage.
package final class Primitive {
  let handle: OpaquePointer
  private let name: String
  /// Whether the gradient of parameters is computed, not values or the gradient of an input alone.
  package let yieldsParameterGradient: Bool
  private var scratchpad: TensorBuffer?
  private var helperMemory: TensorBuffer?

  init(
    _ handle: OpaquePointer?, _ name: String, yieldsParameterGradient: Bool = false
  ) throws(ComputeError) {
    guard let handle else { throw .last(name) }
    self.handle = handle
    self.name = name
    self.yieldsParameterGradient = yieldsParameterGradient
  }

  deinit { onednn_operation_release(handle) }

  /// Runs on the calling thread and returns when done.
  package func run() throws(ComputeError) {
    guard onednn_operation_run(handle) == 0 else { throw .last(name) }
  }

  /// The parts of a run, which several threads may share.
  package var stages: [Stage] {
    (0..<onednn_operation_stage_count(handle)).map { stage in
      Stage(units: onednn_operation_units(handle, stage)) { units, thread throws(ComputeError) in
        let status = onednn_operation_run_units(
          self.handle, stage, units.lowerBound, units.upperBound, thread)
        guard status == 0 else { throw .last(self.name) }
      }
    }
  }

  /// Bytes of working memory that the computation needs while it runs on one thread.
  package var scratchpadBytes: Int { onednn_operation_scratchpad_bytes(handle) }

  /// Bytes of working memory that each further thread needs for itself.
  package var helperBytes: Int { onednn_operation_helper_bytes(handle) }

  /// Bytes of working memory that the threads share.
  package var sharedBytes: Int { onednn_operation_shared_bytes(handle) }

  /// Bytes of buffers that the primitive owns, such as weights in a second layout.
  package var ownBytes: Int { onednn_operation_bytes(handle) }

  /// Whether runs read or write the memory of a buffer.
  ///
  /// A primitive that keeps a kernel in another form does not use the kernel's buffer.
  package func uses(_ buffer: TensorBuffer) -> Bool {
    onednn_operation_uses(handle, buffer.handle) != 0
  }

  /// Number of oneDNN primitives that one run executes.
  package var primitiveCount: Int { onednn_operation_primitive_count(handle) }

  /// Number of oneDNN primitives of one run that only change the layout of values.
  package var reorderCount: Int { onednn_operation_reorder_count(handle) }

  /// The kernels that a run executes, in order: `winograd:avx512` for one of tlbench's own, `oneDNN
  /// jit:avx512_core` for one of oneDNN.
  package var kernels: [String] {
    get throws(ComputeError) {
      var names: [String] = []
      for index in 0..<primitiveCount {
        var text = [CChar](repeating: 0, count: 256)
        guard onednn_operation_kernel_name(handle, index, &text, text.count) == 0 else {
          throw .last(name)
        }
        let bytes = text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
        names.append(String(decoding: bytes, as: UTF8.self))
      }
      return names
    }
  }

  /// Sets the working memory; primitives that run one after another may share it.
  package func use(scratchpad: TensorBuffer) throws(ComputeError) {
    guard onednn_operation_use_scratchpad(handle, scratchpad.handle) == 0 else {
      throw .last(name)
    }
    self.scratchpad = scratchpad
  }

  /// Sets the working memory of several threads, which primitives that run one after another may
  /// share.
  ///
  /// - Parameters:
  ///   - memory: room for at least ``sharedBytes``, and behind them for each helper at least
  ///     ``helperBytes``.
  ///   - sharedBytes: the bytes that the threads share, a multiple of 64.
  ///   - helperBytes: the bytes for each helper, a multiple of 64.
  package func use(
    helperMemory memory: TensorBuffer, sharedBytes: Int, helperBytes: Int, helpers: Int
  ) throws(ComputeError) {
    let status = onednn_operation_use_helper_memory(
      handle, memory.handle, sharedBytes, helperBytes, helpers)
    guard status == 0 else { throw .last(name) }
    helperMemory = memory
  }
}
