import Dispatch
import Foundation
import HDF5
import Synchronization
import TestSupport
import Testing

/// Handles are closed, and threads do not affect each other.
struct HandleTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func useEverything() throws {
    let root = try reopened(in: folder) { root in
      let scale = try root.write(["a", "b"], to: "g/names")
      try scale.makeScale(named: "names")
      let values = try root.write(
        [1.0, 2], shape: [2], to: "g/x", storage: .chunked(rows: 1, compression: 2), fill: .nan)
      try values.attachScale(scale, toAxis: 0)
      try values.attributes.write("s", to: "units")
      try values.attributes.write(["a", "b"], to: "texts")
      try values.attributes.write([1, 2], to: "numbers")
    }
    let values = try root.group("g").dataset("x")
    _ = try values.read(as: Float.self)
    _ = try values.readRows(1..<2, as: Float.self)
    _ = try values.scalePaths(axis: 0)
    _ = try values.attributes.names()
    _ = try values.attributes.readString("units")
    _ = try values.attributes.readStrings("texts")
    _ = try values.attributes.readNumbers("numbers", as: Int.self)
    _ = try root.dataset("g/names").readStrings()
    _ = try root.contains("g/y")
    _ = try root.childNames()
  }

  /// Everything that normal use opens is closed again.
  @Test func normalUse() throws {
    try withoutOtherThreads {
      let before = openHandleCount()
      try useEverything()
      #expect(openHandleCount() == before)
    }
  }

  /// Everything is closed again after errors of every kind.
  @Test func afterErrors() throws {
    try withoutOtherThreads {
      let before = openHandleCount()
      do {
        let root = try Fixture.open("v110.h5")
        let attempts: [() throws -> Void] = [
          { _ = try HDF5File.open(folder.path("none.h5")) },
          { _ = try HDF5File.open(Fixture.path("make_h5py_fixtures.py")) },
          { _ = try HDF5File.create(folder.path("none/a.h5")) },
          { _ = try root.dataset("none") },
          { _ = try root.group("numbers/i1") },
          { _ = try root.dataset("numbers") },
          { _ = try root.dataset("elsewhere/virtual") },
          { _ = try Fixture.open("filters.h5").dataset("blosc").read(as: Float.self) },
          { _ = try Fixture.open("filters.h5").dataset("damaged/too-short").read(as: Float.self) },
          { _ = try root.dataset("forged/overflow").read(as: Float.self) },
          { _ = try root.dataset("strings/fixed").read(as: Float.self) },
          { _ = try root.dataset("numbers/i1").readStrings() },
          { _ = try root.dataset("numbers/i1").readRows(0..<3, as: Int.self) },
          { _ = try root.attributes.readString("none") },
          { _ = try root.attributes.readString("number") },
          { try root.attributes.write(1, to: "new") },
          { try root.write([1], shape: [1], to: "new") },
        ]
        for attempt in attempts { #expect(throws: HDF5Error.self) { try attempt() } }
      }
      #expect(openHandleCount() == before)
    }
  }

  /// An open file is counted, so the tests of leaks can fail.
  @Test func countsOpenFiles() throws {
    try withoutOtherThreads {
      let before = openHandleCount()
      let file = try HDF5File.open(Fixture.path("h5py.h5"))
      #expect(openHandleCount() == before + 1)
      try file.close()
      #expect(openHandleCount() == before)
    }
  }

  /// A dataset keeps its file open.
  @Test func datasetOutlivesFile() throws {
    let dataset = try HDF5File.open(Fixture.path("h5py.h5")).root.dataset("numbers/f4")
    #expect(try dataset.read(as: Float.self).last == 120)
  }

  /// A file is written to disk when the last reference is released, closed or not.
  @Test func writtenWithoutClosing() throws {
    let path = folder.path("forgotten.h5")
    try HDF5File.create(path).root.write([1, 2], shape: [2], to: "x")
    #expect(try HDF5File.open(path).root.dataset("x").read(as: Int.self) == [1, 2])
  }

  /// Threads write, read and fail concurrently; each gets its own values and errors.
  @Test func concurrentUse() throws {
    let problems = Mutex<[String]>([])
    let folder = folder.url
    DispatchQueue.concurrentPerform(iterations: 64) { index in
      do {
        let path = folder.appending(path: "\(index).h5").path
        let values = (0..<100).map { index * 1000 + $0 }
        let file = try HDF5File.create(path)
        try file.root.write(
          values, shape: [100], to: "x", storage: .chunked(rows: 7, compression: 1))
        try file.close()
        let read = try HDF5File.open(path).root.dataset("x").read(as: Int.self)
        if read != values { problems.withLock { $0.append("wrong values in \(index)") } }
        let missing = folder.appending(path: "missing-\(index)").path
        let error = errorThrown { () throws(HDF5Error) in _ = try HDF5File.open(missing) }
        if error?.reason.contains("missing-\(index)'") != true {
          problems.withLock { $0.append("another's error in \(index): \(error?.reason ?? "none")") }
        }
      } catch {
        problems.withLock { $0.append("\(error)") }
      }
    }
    #expect(problems.withLock { $0 } == [])
  }

  /// The version of the library has three parts.
  @Test func version() {
    #expect(libraryVersion.split(separator: ".").compactMap { Int($0) }.count == 3)
  }
}
