import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A program that was started, connected by its standard input and output.
///
/// It is ended and reaped with the last reference at the latest, and ends itself when the
/// connection closes because this process has ended.
final class ChildProcess {
  /// How a program ended.
  enum Ending: Hashable {
    case exit(code: Int32)
    case signal(Int32)
  }

  /// The reason why the system did not start a program.
  struct NotStarted: Error { let reason: String }

  let channel: Channel
  /// 0 once the process is reaped.
  private var identifier: pid_t

  init(_ program: ReaderProgram, _ more: [String]) throws(NotStarted) {
    guard let (near, far) = Channel.pair() else {
      throw NotStarted(reason: String(cString: strerror(errno)))
    }
    defer { far.close() }
    var identifier: pid_t = 0
    let status = Self.spawn(
      program.executable, [program.executable] + program.arguments + more, far.input, &identifier)
    guard status == 0 else {
      near.close()
      throw NotStarted(reason: String(cString: strerror(status)))
    }
    channel = near
    self.identifier = identifier
  }

  /// Waits a moment for a process that has closed the connection, and ends it then.
  ///
  /// - Returns: how it ended by itself; `nil` where it had to be ended.
  func reap() -> Ending? {
    var status: Int32 = 0
    // A process is gone milliseconds after its connection.
    for _ in 0..<1000 {
      guard identifier > 0 else { return nil }
      let result = waitpid(identifier, &status, WNOHANG)
      if result == identifier {
        identifier = 0
        channel.close()
        return Self.ending(status)
      }
      if result < 0, errno != EINTR { break }
      usleep(1_000)
    }
    end()
    return nil
  }

  /// Ends the process at once: it has nothing that could be lost.
  func end() {
    guard identifier > 0 else { return }
    kill(identifier, SIGKILL)
    var status: Int32 = 0
    while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
    identifier = 0
    channel.close()
  }

  deinit { end() }

  private static func ending(_ status: Int32) -> Ending {
    let signal = status & 0x7f
    return signal == 0 ? .exit(code: status >> 8 & 0xff) : .signal(signal)
  }

  /// In a process group of its own, so that Ctrl-C on the terminal leaves it to this process to come
  /// to an orderly end; without error output, where a crash would leave its traces.
  private static func spawn(
    _ executable: String, _ arguments: [String], _ connection: Int32, _ identifier: inout pid_t
  ) -> Int32 {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, connection, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, connection, STDOUT_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Signals that this process ignores or blocks would stay so.
    var signals = sigset_t()
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    // A trace of the crash would take seconds, and nobody would see it.
    var environment = ProcessInfo.processInfo.environment
    environment["SWIFT_BACKTRACE"] = "enable=no"
    let argumentPointers = arguments.map { strdup($0) } + [nil]
    let variablePointers = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for pointer in argumentPointers + variablePointers { free(pointer) } }
    return posix_spawn(
      &identifier, executable, &actions, &attributes, argumentPointers, variablePointers)
  }
}
