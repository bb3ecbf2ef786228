import Foundation

/// Which process reads a file: this one, or a child of it.
package enum FileAccess: Sendable, Hashable {
  /// The calling process, for files that it wrote itself: libhdf5 crashes or hangs on about one of
  /// a hundred damaged files.
  case thisProcess
  /// A separate process for every open file, with limits on memory and time, for untrusted files.
  ///
  /// If the reader crashes, hangs or exceeds a limit, the call throws an `HDF5Error`.
  case child(ReaderProgram)

  /// A child process of the running program, for files that a user names: whatever is in them, this
  /// process survives.
  ///
  /// The program has to start with ``ReadWorker/serveIfRequested(_:)``.
  package static var guarded: FileAccess { .child(.thisExecutable(ReadWorker.argument)) }
}

/// A program that reads files for another process, with ``ReadWorker``.
package struct ReaderProgram: Sendable, Hashable {
  package var executable: String
  package var arguments: [String]
  package var limits = Limits()

  package init(executable: String, arguments: [String], limits: Limits = Limits()) {
    self.executable = executable
    self.arguments = arguments
    self.limits = limits
  }

  /// The running program itself, with arguments that make it a reader.
  package static func thisExecutable(_ arguments: String...) -> ReaderProgram {
    #if os(Linux)
      // This works even if the executable was replaced or removed after the start.
      let executable = "/proc/self/exe"
    #else
      let executable = Bundle.main.executablePath ?? CommandLine.arguments[0]
    #endif
    return ReaderProgram(executable: executable, arguments: arguments)
  }

  /// The limits of a reader.
  package struct Limits: Sendable, Hashable {
    /// The memory in bytes, in addition to what the program has when it starts, and to a file that
    /// it receives in memory (default: 1 GiB).
    package var memoryBytes = 1 << 30
    /// The seconds of processor time for one request, in addition to those by ``bytesPerSecond``
    /// (default: 10).
    package var cpuSeconds = 10
    /// The requested bytes for which the time limit grows by one second (default: 16 MiB).
    package var bytesPerSecond = 16 << 20
    /// The seconds to wait per second of processor time, since machines may be busy and files may
    /// be on the network (default: 3).
    package var patience = 3

    package init() {}

    /// The seconds of processor time for a request that reads a number of bytes.
    func cpuSeconds(forBytes bytes: Int) -> Int { cpuSeconds + bytes / bytesPerSecond }
  }
}
