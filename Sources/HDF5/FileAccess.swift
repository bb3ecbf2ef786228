import Foundation

/// Who calls libhdf5 on a file.
package enum FileAccess: Sendable, Hashable {
  /// The caller's own process: for files of its own making, since the library crashes or hangs on
  /// about one of a hundred damaged files.
  case thisProcess
  /// A process of its own for every open file, with limits on memory and time: for files of others.
  /// Whatever happens to it is an `HDF5Error` here.
  case child(ReaderProgram)
}

/// The program that reads files for another process, by ``ReadWorker``.
package struct ReaderProgram: Sendable, Hashable {
  package var executable: String
  package var arguments: [String]
  package var limits = Limits()

  package init(executable: String, arguments: [String], limits: Limits = Limits()) {
    self.executable = executable
    self.arguments = arguments
    self.limits = limits
  }

  /// The program that is running, told by its first argument to read.
  package static func thisExecutable(_ arguments: String...) -> ReaderProgram {
    #if os(Linux)
      // Also where the file was replaced or removed meanwhile.
      let executable = "/proc/self/exe"
    #else
      let executable = Bundle.main.executablePath ?? CommandLine.arguments[0]
    #endif
    return ReaderProgram(executable: executable, arguments: arguments)
  }

  /// What a reader may use.
  package struct Limits: Sendable, Hashable {
    /// Bytes of memory beside what the program has when it starts, and beside a file that it is
    /// given in memory.
    package var memoryBytes = 1 << 30
    /// Seconds of processor time for one request, beside ``bytesPerSecond``.
    package var cpuSeconds = 10
    /// Bytes asked for that are worth one more second.
    package var bytesPerSecond = 16 << 20
    /// Seconds of waiting for each second of processor time: machines are shared, and files are
    /// on the network.
    package var patience = 3

    package init() {}

    /// Seconds of processor time for a request that reads so many bytes.
    func cpuSeconds(forBytes bytes: Int) -> Int { cpuSeconds + bytes / bytesPerSecond }
  }
}
