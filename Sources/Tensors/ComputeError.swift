import COneDNN

/// oneDNN refused to make or to run something.
package struct ComputeError: Error, Sendable, CustomStringConvertible {
  /// What was attempted, such as `convolution forward`.
  package let operation: String
  /// oneDNN's own words.
  package let reason: String

  package var description: String { "oneDNN: \(operation): \(reason)" }

  /// The error of the call that just failed on this thread.
  static func last(_ operation: String) -> ComputeError {
    ComputeError(operation: operation, reason: String(cString: onednn_last_error()))
  }
}

/// The version of the oneDNN library in use, such as `2.6.3`.
package var oneDNNVersion: String { String(cString: onednn_version_text()) }

/// The instruction set that oneDNN makes its code for on this processor, such as `avx512_core`.
package var oneDNNInstructionSet: String { String(cString: onednn_instruction_set()) }

/// The instruction set that the optimizers' loops are run with: `avx512f`, `avx2` or `default`.
package var vectorInstructionSet: String { String(cString: vector_instruction_set()) }
