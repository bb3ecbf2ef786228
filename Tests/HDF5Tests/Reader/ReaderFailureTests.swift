import Foundation
import HDF5
import TestSupport
import Testing

/// Every failure of a reader is an error that describes it.
struct ReaderFailureTests {
  private func error(by reader: FileAccess) -> HDF5Error? {
    errorThrown { () throws(HDF5Error) in _ = try HDF5File.open("a.h5", by: reader) }
  }

  /// The error of a crash names the signal and the file.
  @Test(arguments: [("SEGV", 11), ("ABRT", 6), ("BUS", 7)])
  func crash(name: String, number: Int) {
    let error = error(by: Readers.script("kill -\(name) $$"))
    #expect(error?.code == .readerFailed)
    #expect(error?.file == "a.h5")
    #expect(error?.cause == "reading it made the HDF5 library crash (signal \(number))")
  }

  /// A crash in the middle of an answer is reported as a crash too.
  @Test func crashWhileAnswering() {
    let error = error(by: Readers.script("head -c 16 >/dev/null; printf '\\000'; kill -SEGV $$"))
    #expect(error?.cause == "reading it made the HDF5 library crash (signal 11)")
  }

  /// A reader that does not answer is an error after the time limit.
  @Test func hang() {
    let error = error(by: Readers.script("exec sleep 60", seconds: 1))
    #expect(error?.code == .readerFailed)
    #expect(error?.cause == "reading it took more than 1 s")
  }

  /// A reader that answers only one byte is an error after the time limit.
  @Test func hangWhileAnswering() {
    let error = error(by: Readers.script("printf '\\000'; exec sleep 60", seconds: 1))
    #expect(error?.cause == "reading it took more than 1 s")
  }

  /// Exceeding the limits on processor time and memory ends a reader by a signal.
  @Test(arguments: [
    ("XCPU", "reading it took too much processor time"),
    ("KILL", "the process that read it was killed, perhaps for lack of memory"),
  ])
  func limits(signal: String, cause: String) {
    let error = error(by: Readers.script("kill -\(signal) $$"))
    #expect(error?.code == .readerFailed)
    #expect(error?.cause == cause)
  }

  /// A reader that ends by itself, or only closes the connection, is an error.
  @Test func ends() {
    #expect(
      error(by: Readers.script("exit 3"))?.cause
        == "the process that read it ended by itself (exit code 3)")
    #expect(
      error(by: Readers.script("exec 0<&- 1>&-; exec sleep 60"))?.cause
        == "the process that reads it closed the connection")
  }

  /// A program that does not exist is a different kind of error.
  @Test func notStarted() {
    let program = ReaderProgram(executable: "/none/reader", arguments: [])
    let error = error(by: .child(program))
    #expect(error?.code == .noReader)
    #expect(error?.cause.contains("No such file or directory") == true)
  }

  /// Invalid answers are rejected, and forged lengths do not allocate memory.
  @Test(arguments: [
    Readers.header(length: 0, status: #"\007"#),
    Readers.header(length: 1 << 62),
    Readers.header(length: 1 << 40),
    Readers.header(length: -1),
    Readers.header(length: 1 << 40, status: #"\001"#),
    // An error without messages, one with an unknown code, one with a string that is not UTF-8.
    Readers.header(length: 0, status: #"\001"#),
    Readers.header(length: 1, status: #"\001"#) + #"\377"#,
    Readers.header(length: 10, status: #"\001"#) + #"\001\001\000\000\000\000\000\000\000\377"#,
    // An answer although none was requested.
    Readers.header(length: 1) + #"\001"#,
  ])
  func nonsense(answer: String) {
    let error = error(by: Readers.answering(answer))
    #expect(error?.code == .readerFailed)
    #expect(error?.cause.contains("an answer that makes no sense") == true)
  }

  /// Forged descriptions of a dataset are detected.
  @Test(arguments: [
    // Too many axes, a negative length, a count of axes beyond the message.
    ReaderFailureTests.header(axes: 33),
    ReaderFailureTests.header(axes: 1, length: #"\377\377\377\377\377\377\377\377"#),
    #"\377\377\377\377\000\000\000\000"#,
  ])
  func forgedDataset(header: String) throws {
    let length = header.filter { $0 == "\\" }.count
    let answers = Readers.header(length: 0) + Readers.header(length: length) + header
    let root = try HDF5File.open("a.h5", by: Readers.answering(answers)).root
    let error = errorThrown { () throws(HDF5Error) in _ = try root.dataset("x") }
    #expect(error?.code == .readerFailed)
    #expect(error?.object == "/x")
  }

  private static func header(axes: Int, length: String = #"\001\000\000\000\000\000\000\000"#)
    -> String
  {
    let count = String(axes, radix: 8)
    return "\\" + String(repeating: "0", count: 3 - count.count) + count
      + #"\000\000\000\000\000\000\000"# + String(repeating: length, count: axes)
      + #"\002\004\000\000\000\000\000\000\000\001\000\000\000\000\000\000\000"#
  }

  /// Answers with numbers must have exactly the requested bytes.
  @Test func forgedNumbers() throws {
    let dataset = Self.header(axes: 1)
    let length = dataset.filter { $0 == "\\" }.count
    let answers =
      Readers.header(length: 0) + Readers.header(length: length) + dataset
      + Readers.header(length: 1 << 30)
    let opened = try HDF5File.open("a.h5", by: Readers.answering(answers)).root.dataset("x")
    #expect(opened.shape == [1])
    let error = errorThrown { () throws(HDF5Error) in _ = try opened.read(as: Float.self) }
    #expect(error?.code == .readerFailed)
  }

  /// After a failure every further request fails with the same error.
  @Test func afterwards() throws {
    let answers = Readers.header(length: 0) + Readers.header(length: 5) + #"\000\000\000\000\000"#
    let root = try HDF5File.open("a.h5", by: Readers.answering(answers)).root
    let first = errorThrown { () throws(HDF5Error) in _ = try root.childNames() }
    let second = errorThrown { () throws(HDF5Error) in _ = try root.attributes.names() }
    #expect(first?.code == .readerFailed)
    #expect(second?.code == .readerFailed)
    #expect(first?.messages == second?.messages)
  }

  /// No reader remains as a process, not even as a zombie, however it ended.
  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: "/proc/self/stat")),
    arguments: [
      "kill -SEGV $$", "exit 0", "exec 0<&- 1>&-; kill -STOP $$",
      "printf xxxxxxxxx; kill -STOP $$",
    ])
  func nothingIsLeft(text: String) throws {
    let folder = try TemporaryFolder()
    let name = "r\(UUID().uuidString.prefix(8))"
    // A shell under another name: a script that was just written may still be open for writing in a
    // process that another test is starting, and could then not be run.
    try FileManager.default.createSymbolicLink(
      atPath: folder.path(name), withDestinationPath: "/bin/sh")
    let program = ReaderProgram(executable: folder.path(name), arguments: ["-c", text])
    #expect(error(by: .child(program))?.code == .readerFailed)
    let processes = try FileManager.default.contentsOfDirectory(atPath: "/proc")
    let left = processes.filter { process in
      let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
      return status?.contains("(\(name))") == true
    }
    #expect(left == [])
  }
}
