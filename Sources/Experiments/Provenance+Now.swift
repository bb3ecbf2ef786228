import Foundation
import HDF5
package import Records
import Tensors

extension Provenance {
  /// The provenance of results that were just measured by this process.
  package static func now(
    toolVersion: String, commandLine: String, jobs: Int, wallSeconds: Double,
    taskDigests: [String: String], shard: Shard? = nil, classCount: Int? = nil
  ) -> Provenance {
    Provenance(
      toolVersion: toolVersion, commandLine: commandLine,
      processor: processorName,
      libraries: usedLibraries,
      finishedAt: Date().ISO8601Format(), jobs: jobs, wallSeconds: wallSeconds,
      taskDigests: taskDigests, instructionSet: instructionSet, shard: shard, classCount: classCount
    )
  }

  /// The libraries that do the work, with their versions.
  package static var usedLibraries: [String] {
    ["oneDNN \(oneDNNVersion)", "HDF5 \(HDF5.libraryVersion)"]
  }

  /// The instruction sets for which code is chosen on this processor; others round differently.
  ///
  /// oneDNN's, that of the loops of the optimizers, and that of the kernels of convolutions,
  /// pooling and batch normalization.
  package static var instructionSet: String {
    "\(oneDNNInstructionSet), \(vectorInstructionSet), kernels \(kernelInstructionSet)"
  }

  /// The model name of the processor; `nil` if the system does not report it.
  package static var processorName: String? {
    let table = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = table.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
  }
}
