import Foundation

/// A child process, connected by its standard input and output.
///
/// It is killed and reaped at the latest when the last reference is released, and exits by itself
/// if the connection closes because this process has ended.
package final class ChildProcess {
  package let channel: Channel
  private let program: StartedProgram
  private var isOpen = true

  /// Starts a program.
  ///
  /// - Parameter more: arguments in addition to those of the program.
  package init(
    _ program: ReaderProgram, _ more: [String]
  ) throws(StartedProgram.NotStarted) {
    guard let (near, far) = Channel.pair() else {
      throw StartedProgram.NotStarted(reason: String(cString: strerror(errno)))
    }
    defer { far.close() }
    // A backtrace of a crash would take seconds and would not be shown.
    var environment = ProcessInfo.processInfo.environment
    environment["SWIFT_BACKTRACE"] = "enable=no"
    do throws(StartedProgram.NotStarted) {
      self.program = try StartedProgram(
        program.executable, program.arguments + more, environment: environment,
        input: .descriptor(far.input), output: .descriptor(far.output), errors: .null)
    } catch {
      near.close()
      throw error
    }
    channel = near
  }

  /// Waits up to a second for a process that has closed the connection, and kills it if it still
  /// runs.
  ///
  /// - Returns: how the process ended by itself; `nil` if it had to be killed.
  package func reap() -> StartedProgram.Ending? {
    // A process ends within milliseconds after its connection.
    let ending = program.wait(seconds: 1)
    end()
    return ending
  }

  /// Kills the process, which has no state to save.
  package func end() {
    program.end()
    guard isOpen else { return }
    isOpen = false
    channel.close()
  }

  deinit { end() }
}
