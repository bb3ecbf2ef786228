import Experiments
import Foundation
import Records
import Results
import TestSupport
import Testing

/// The event files that a sweep writes for TensorBoard.
struct EventRecorderTests {
  private func files(_ sample: Sample) throws -> [String: Data?] {
    try sample.folder.contents().filter { $0.key.contains("tfevents") }
  }

  /// A resumed sweep adds the missing runs, also those of a session without event files, and leaves
  /// the others as they are.
  @Test func resumption() throws {
    let sample = try Sample(replicates: 40)
    let events = try EventFolder(sample.folder.path("logs"))
    let (first, second) = (Recorder(limit: 1), Recorder(limit: 1))
    _ = try sample.session(observer: first).run()
    #expect(try files(sample).isEmpty)
    _ = try sample.session(observer: second, events: events).run()
    let early = try files(sample)
    #expect(early.count == first.ended + second.ended)
    #expect(try sample.session(events: events).run().isComplete)
    let late = try files(sample)
    #expect(late.count == 80)
    for (name, bytes) in early { #expect(late[name] == bytes, "\(name)") }
    for size in [10, 20] {
      for replicate in 0..<40 {
        let run = "logs/high/n=\(size)/linear-probe/r\(replicate)/"
        #expect(late.keys.count { $0.hasPrefix(run) } == 1, "\(run)")
      }
    }
  }

  /// A folder that cannot be written any more is announced once, and stops nothing.
  @Test func failingFolder() throws {
    let sample = try Sample()
    let events = try EventFolder(sample.folder.path("logs"))
    try Data().write(to: sample.folder.url.appending(path: "logs"))
    let observer = Recorder()
    #expect(try sample.session(observer: observer, events: events).run().isComplete)
    #expect(observer.notes.count { $0.contains(EventFolder.attempt) } == 1)
  }
}
