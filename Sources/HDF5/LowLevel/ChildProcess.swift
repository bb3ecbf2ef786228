import Foundation

/// A program that was started, connected by its standard input and output.
///
/// It is ended and reaped with the last reference at the latest, and ends itself when the
/// connection closes because this process has ended.
final class ChildProcess {
  let channel: Channel
  private let program: StartedProgram
  private var isOpen = true

  init(_ program: ReaderProgram, _ more: [String]) throws(StartedProgram.NotStarted) {
    guard let (near, far) = Channel.pair() else {
      throw StartedProgram.NotStarted(reason: String(cString: strerror(errno)))
    }
    defer { far.close() }
    // A trace of a crash would take seconds, and nobody would see it.
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

  /// Waits a moment for a process that has closed the connection, and ends it then.
  ///
  /// - Returns: how it ended by itself; `nil` where it had to be ended.
  func reap() -> StartedProgram.Ending? {
    // A process is gone milliseconds after its connection.
    let ending = program.wait(seconds: 1)
    end()
    return ending
  }

  /// Ends the process at once: it has nothing that could be lost.
  func end() {
    program.end()
    guard isOpen else { return }
    isOpen = false
    channel.close()
  }

  deinit { end() }
}
