import CKernels
import COneDNN

/// oneDNN failed to create or to run something.
package struct ComputeError: Error, Sendable, CustomStringConvertible {
  /// What was attempted, such as `convolution forward`.
  package let operation: String
  /// The error text of oneDNN.
  package let reason: String

  package var description: String { "oneDNN: \(operation): \(reason)" }

  /// The error of the call that just failed on this thread.
  static func last(_ operation: String) -> ComputeError {
    ComputeError(operation: operation, reason: String(cString: onednn_last_error()))
  }
}

/// The version of the oneDNN library in use, such as `2.6.3`.
package var oneDNNVersion: String { String(cString: onednn_version_text()) }

/// The instruction set for which oneDNN generates code on this processor, such as `avx512_core`.
package var oneDNNInstructionSet: String { String(cString: onednn_instruction_set()) }

/// The instruction set of the kernels of convolutions, pooling and batch normalization: `avx512`,
/// `avx2` or `portable`.
package var kernelInstructionSet: String { String(cString: kernel_instruction_set()) }

/// The instruction set that the loops of the optimizers use: `avx512f`, `avx2` or `default`.
package var vectorInstructionSet: String { String(cString: vector_instruction_set()) }
