import Foundation
import TestSupport
import Testing

/// Signals that end a command which trains one network.
struct TrainingInterruptionTests {
  private static let pretrain = ["pretrain", "--architectures", "simple", "--epochs", "500"]
  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  /// The training ends at once, with a message and without a file.
  @Test(arguments: zip([SIGINT, SIGTERM], [130, 143] as [Int32]))
  func endsAtOnce(signal: Int32, exitCode: Int32) throws {
    let outcome = try Tool(Self.pretrain, in: workspace.folder.url)
      .outcome(after: "simple: epoch 1/500", signal: signal)
    #expect(outcome.exitCode == exitCode)
    #expect(outcome.errors.contains("tlbench: the training of simple was interrupted: after "))
    #expect(outcome.errors.hasSuffix(" of 500 epochs\n  Nothing of it is saved.\n"))
    #expect(!workspace.exists("Datasets/simple.weights.h5"))
  }

  /// On a terminal the line of progress is gone before the message.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/pts/ptmx")))
  func leavesNoLine() throws {
    let terminal = try PseudoTerminal()
    let tool = try Tool(
      Self.pretrain, in: workspace.folder.url, environment: ["TERM": "xterm", "COLUMNS": "100"],
      script: "exec \"$0\" \"$@\" 2>'\(terminal.path)'")
    #expect(terminal.read(until: "epoch 1/500"))
    tool.send(signal: SIGINT)
    #expect(try tool.outcome().exitCode == 130)
    #expect(terminal.read(until: "is saved."))
    #expect(terminal.text.contains("\r\u{1B}[Jtlbench: the training of simple was interrupted"))
  }
}

/// The two ends of a terminal that no window shows, on Linux.
private final class PseudoTerminal {
  enum Trouble: Error { case notOpened }

  /// The path of the end that programs write to.
  let path: String
  /// What was read so far.
  private(set) var text = ""
  private let descriptor: Int32
  /// Held open, so that the terminal outlives the programs.
  private let other: Int32

  init() throws {
    // TIOCSPTLCK and TIOCGPTN: the macros have no counterparts in Swift.
    let (setLock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
    var (lock, number): (Int32, UInt32) = (0, 0)
    descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    guard descriptor >= 0, ioctl(descriptor, setLock, &lock) == 0,
      ioctl(descriptor, getNumber, &number) == 0
    else { throw Trouble.notOpened }
    path = "/dev/pts/\(number)"
    other = open(path, O_RDWR | O_NOCTTY)
    guard other >= 0 else { throw Trouble.notOpened }
  }

  deinit {
    close(other)
    close(descriptor)
  }

  /// Reads until a text has come, for at most 100 s.
  ///
  /// - Returns: whether it came.
  func read(until end: String) -> Bool {
    let deadline = Date() + 100
    while !text.contains(end), Date() < deadline {
      var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&request, 1, 100) == 1 else { continue }
      var bytes = [UInt8](repeating: 0, count: 4096)
      let count = Foundation.read(descriptor, &bytes, bytes.count)
      guard count > 0 else { return false }
      text += String(decoding: bytes[..<count], as: UTF8.self)
    }
    return text.contains(end)
  }
}
