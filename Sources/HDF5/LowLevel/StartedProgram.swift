import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A program that was started; it is killed and reaped at the latest when the last reference is
/// released.
///
/// It replaces Foundation's `Process`, which on Linux reads beyond a buffer at every start and so
/// crashes occasionally (swift-corelibs-foundation, pull request 5472; in Swift 6.3.1 at least).
package final class StartedProgram {
  /// How a program ended.
  package enum Ending: Hashable, Sendable {
    case exit(code: Int32)
    case signal(Int32)

    fileprivate init(waitStatus status: Int32) {
      let signal = status & 0x7f
      self = signal == 0 ? .exit(code: status >> 8 & 0xff) : .signal(signal)
    }
  }

  /// The reason why the system did not start a program.
  package struct NotStarted: Error { package let reason: String }

  /// The file that a standard stream of a program is connected to.
  package enum Stream {
    case descriptor(Int32)
    /// An existing file, opened for reading.
    case reading(path: String)
    /// An existing file, overwritten from its start.
    case writing(path: String)
    /// The null device: empty input, and discarded output.
    case null
  }

  private let identifier: pid_t
  /// `nil` until the process is reaped.
  private var ending: Ending?

  /// Starts a program in its own process group, so that Ctrl-C on the terminal does not end it
  /// before this process has shut down.
  ///
  /// - Parameter environment: all environment variables of the program.
  package init(
    _ executable: String, _ arguments: [String], environment: [String: String],
    input: Stream, output: Stream, errors: Stream
  ) throws(NotStarted) {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (stream, number) in [
      (input, STDIN_FILENO), (output, STDOUT_FILENO), (errors, STDERR_FILENO),
    ] {
      switch stream {
      case .descriptor(let descriptor):
        posix_spawn_file_actions_adddup2(&actions, descriptor, number)
      case .reading(let path):
        posix_spawn_file_actions_addopen(&actions, number, path, O_RDONLY, 0)
      case .writing(let path):
        posix_spawn_file_actions_addopen(&actions, number, path, O_WRONLY, 0)
      case .null:
        posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0)
      }
    }
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Reset signals, since those that this process ignores or blocks would be inherited.
    var signals = sigset_t()
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    let argumentPointers = ([executable] + arguments).map { strdup($0) } + [nil]
    let variablePointers = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for pointer in argumentPointers + variablePointers { free(pointer) } }
    var identifier: pid_t = 0
    let status = posix_spawn(
      &identifier, executable, &actions, &attributes, argumentPointers, variablePointers)
    guard status == 0 else { throw NotStarted(reason: String(cString: strerror(status))) }
    self.identifier = identifier
  }

  /// Waits for the program to end.
  ///
  /// - Parameter seconds: the longest time to wait.
  /// - Returns: how the program ended; `nil` if it is still running.
  package func wait(seconds: Double) -> Ending? {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while ending == nil {
      var status: Int32 = 0
      let result = waitpid(identifier, &status, WNOHANG)
      if result == identifier {
        ending = Ending(waitStatus: status)
      } else if (result < 0 && errno != EINTR) || ContinuousClock.now >= deadline {
        break
      } else {
        usleep(1_000)
      }
    }
    return ending
  }

  /// Sends a signal to the program, unless it has been reaped.
  package func send(signal: Int32) {
    guard ending == nil else { return }
    kill(identifier, signal)
  }

  /// Kills the program and reaps it.
  package func end() {
    guard ending == nil else { return }
    kill(identifier, SIGKILL)
    var status: Int32 = 0
    while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
    ending = Ending(waitStatus: status)
  }

  deinit { end() }
}
