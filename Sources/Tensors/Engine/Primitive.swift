import COneDNN

/// One oneDNN computation bound to its buffers, ready to run any number of times.
///
/// A class because it owns compiled code. It keeps its buffers alive. Not for use by two threads at
/// the same time.
package final class Primitive {
  let handle: OpaquePointer
  private let name: String
  private var scratchpad: TensorBuffer?

  init(_ handle: OpaquePointer?, _ name: String) throws(ComputeError) {
    guard let handle else { throw .last(name) }
    self.handle = handle
    self.name = name
  }

  deinit { onednn_operation_release(handle) }

  /// Runs on the calling thread and returns when done.
  package func run() throws(ComputeError) {
    guard onednn_operation_run(handle) == 0 else { throw .last(name) }
  }

  /// Bytes of working memory that the computation needs while it runs.
  package var scratchpadBytes: Int { onednn_operation_scratchpad_bytes(handle) }

  /// Bytes of buffers that the primitive owns, such as weights in a second layout.
  package var ownBytes: Int { onednn_operation_bytes(handle) }

  /// Number of oneDNN primitives that one run executes.
  package var primitiveCount: Int { onednn_operation_primitive_count(handle) }

  /// Number of oneDNN primitives of one run that only change the layout of values.
  package var reorderCount: Int { onednn_operation_reorder_count(handle) }

  /// Sets the working memory; primitives that run one after another may share it.
  package func use(scratchpad: TensorBuffer) throws(ComputeError) {
    guard onednn_operation_use_scratchpad(handle, scratchpad.handle) == 0 else {
      throw .last(name)
    }
    self.scratchpad = scratchpad
  }
}
