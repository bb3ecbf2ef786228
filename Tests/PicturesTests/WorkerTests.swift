import Foundation
import HDF5
import Pictures
import Records
import TestSupport
import Testing

/// Decoding in another process.
struct WorkerTests {
  private func pack(
    _ photos: PhotoFolder, by program: ReaderProgram, skipsBroken: Bool = false
  ) throws -> PictureSet.Outcome {
    try PictureSet(
      PictureFolder.list(photos.path, isLabeled: true), form: Sample.form(),
      skipsBroken: skipsBroken
    ).write(
      to: photos.output, by: .child(program), jobs: 2, isCancelled: { false }, observe: { _ in })
  }

  /// A script in place of the decoder.
  private func script(_ text: String) -> ReaderProgram {
    var limits = ReaderProgram.Limits()
    (limits.cpuSeconds, limits.patience) = (1, 1)
    return ReaderProgram(executable: "/bin/sh", arguments: ["-c", text], limits: limits)
  }

  /// The built tool decodes as this process does.
  @Test func sameBytes() throws {
    let photos = try PhotoFolder.ofTwoClasses()
    _ = try photos.pack()
    let expected = try Data(contentsOf: URL(filePath: photos.output))
    let program = ReaderProgram(
      executable: try BuiltProgram.path().path, arguments: [PictureWorker.argument])
    _ = try pack(photos, by: program)
    #expect(try Data(contentsOf: URL(filePath: photos.output)) == expected)
    try photos.add("one-bit.png", as: "a/3.png")
    try photos.add([0xFF, 0xD8, 0xFF], as: "a/4.jpg")
    let outcome = try pack(photos, by: program, skipsBroken: true)
    #expect(outcome.counts.map(\.count) == [4])
    #expect(outcome.notes.contains { $0.contains("a/4.jpg (it ends too early)") })
  }

  /// Whatever becomes of the process, the pictures are broken and nothing else.
  @Test(arguments: [
    ("kill -SEGV $$", "crash or run out of memory (signal 11)"), ("exit 3", "exit code 3"),
    ("exec sleep 60", "took more than 1 s"),
    (#"printf '\000\377\377\377\377\377\377\377\177'; exec sleep 60"#, "makes no sense"),
    (#"printf '\001\377\377\377\377\377\377\377\177'; exec sleep 60"#, "makes no sense"),
  ])
  func failures(text: String, words: String) throws {
    let photos = try PhotoFolder.ofTwoClasses()
    let failure = try #require(throws: Failure.self) { try pack(photos, by: script(text)) }
    #expect(failure.reason.hasPrefix("3 of 3 cannot be read: "))
    #expect(failure.reason.contains(words), "\(failure)")
  }

  @Test func noProgram() throws {
    let photos = try PhotoFolder.ofTwoClasses()
    let failure = try #require(throws: Failure.self) {
      try pack(photos, by: ReaderProgram(executable: "/none", arguments: []))
    }
    #expect(failure.reason.contains("cannot be started"))
  }
}
