import Foundation
import HDF5
import Pictures
import Records
import Synchronization
import TaskData
import TestSupport
import Testing

/// Sets of pictures as they are written.
struct SetTests {
  /// The set has the pixels in the order of the list, and TaskData reads it.
  @Test(arguments: [1, 3])
  func content(jobs: Int) throws {
    let photos = try PhotoFolder.ofTwoClasses()
    let outcome = try photos.pack(jobs: jobs)
    #expect(outcome.counts.map(\.count) == [3])
    let root = try HDF5File.open(photos.output).root
    let pixels = try ["gray.png", "rgb.jpg", "rgb.png"].flatMap {
      try Sample.form().picture(of: Sample.bytes($0)).pixels
    }
    #expect(try root.dataset("x").shape == [3, 5, 6, 3])
    #expect(try root.dataset("x").elementType == .integer(bytes: 1, signed: false))
    #expect(try root.dataset("x").read(as: UInt8.self) == pixels)
    #expect(try root.dataset("y").read(as: Int32.self) == [0, 0, 1])
    let paths = ["a/1.png", "a/2.jpg", "b/1.png"]
    #expect(try root.dataset("path").readStrings() == paths)
    #expect(try PictureSet.paths(in: photos.output, by: .thisProcess) == [.train: paths])
    #expect(try root.attributes.readStrings("class_names") == ["a", "b"])
    #expect(try root.attributes.readStrings("fit") == ["crop"])
    #expect(try root.attributes.readStrings("source_digest") == [outcome.digest])
    let set = try DatasetFile.read(photos.output)
    #expect(set.train.classNames == ["a", "b"] && set.train.labels == [0, 0, 1])
    #expect(try photos.folder.names() == ["photos", "photos.h5"])
  }

  /// The same pictures give the same bytes, and others another digest.
  @Test func digests() throws {
    let photos = try PhotoFolder.ofTwoClasses()
    let first = try photos.pack(jobs: 1)
    let bytes = try Data(contentsOf: URL(filePath: photos.output))
    #expect(try photos.pack(jobs: 4).digest == first.digest)
    #expect(try Data(contentsOf: URL(filePath: photos.output)) == bytes)
    try photos.add("palette.png", as: "b/2.png")
    #expect(try photos.pack().digest != first.digest)
  }

  @Test func parts() throws {
    let photos = try PhotoFolder()
    for (name, sample) in [
      ("train/a", "rgb.png"), ("train/b", "gray.png"), ("val/a", "la.png"), ("test/b", "rgb.jpg"),
    ] { try photos.add(sample, as: name + "/1.png") }
    let outcome = try photos.pack()
    #expect(outcome.counts.map(\.part) == [.train, .val, .test])
    let set = try DatasetFile.read(photos.output)
    #expect(set.train.labels == [0, 1])
    #expect(set.validation?.labels == [0] && set.test?.labels == [1])
    #expect(
      try PictureSet.paths(in: photos.output, by: .thisProcess) == [
        .train: ["train/a/1.png", "train/b/1.png"], .val: ["val/a/1.png"], .test: ["test/b/1.png"],
      ])
  }

  @Test func unlabeled() throws {
    let photos = try PhotoFolder.ofTwoClasses()
    // Each file is to be predicted, the copy too.
    try photos.add("rgb.png", as: "a/copy.png")
    _ = try photos.pack(isLabeled: false)
    #expect(try !HDF5File.open(photos.output).root.contains("y"))
    #expect(try DatasetFile.readUnlabeled(photos.output).train.count == 4)
  }

  private func refusal(_ photos: PhotoFolder, skipsBroken: Bool = false) throws -> Failure {
    let failure = try #require(throws: Failure.self) {
      try photos.pack(skipsBroken: skipsBroken)
    }
    #expect(failure.remedy != nil)
    #expect(try photos.folder.names() == ["photos"])
    return failure
  }

  /// Pictures that cannot be read are named, and left out on request.
  @Test func broken() throws {
    let photos = try PhotoFolder.ofTwoClasses()
    try photos.add(Array(Sample.bytes("rgb.jpg").dropLast(300)), as: "a/3.jpg")
    try photos.add(Array("RIFF????WEBP".utf8), as: "b/4.webp")
    try Data().write(to: photos.folder.url.appending(path: "outside.png"))
    for (name, target) in [("5", "../../outside.png"), ("6", "nowhere")] {
      try FileManager.default.createSymbolicLink(
        atPath: photos.path + "/b/\(name).png", withDestinationPath: target)
    }
    let failure = try #require(throws: Failure.self) { try photos.pack() }
    for words in [
      "4 of 7 cannot be read: a/3.jpg: it ends too early; b/4.webp: it is neither",
      "b/5.png: it is a link or path that leads out", "b/6.png: no such file",
    ] { #expect(failure.reason.contains(words), "\(failure)") }
    let outcome = try photos.pack(skipsBroken: true)
    #expect(outcome.counts.map(\.count) == [3])
    #expect(outcome.notes.contains { $0.contains("left out: 4: a/3.jpg (it ends too early), b/4") })
    try photos.add([], as: "b/1.png")
    #expect(
      try #require(throws: Failure.self) { try photos.pack(skipsBroken: true) }.reason
        == "no picture for training of the class 'b' is left")
  }

  /// A picture that is there twice is kept once; with two labels or in two parts it is an error.
  @Test func duplicates() throws {
    let photos = try PhotoFolder.ofTwoClasses()
    try photos.add("rgb.png", as: "b/copy.png")
    let outcome = try photos.pack()
    #expect(outcome.counts.map(\.count) == [3])
    #expect(outcome.notes.contains { $0.hasSuffix("once: 1: b/copy.png (as b/1.png).") })
    try FileManager.default.removeItem(atPath: photos.output)
    try photos.add("rgb.png", as: "a/copy.png")
    #expect(
      try refusal(photos).reason
        == "'a/copy.png' and 'b/1.png' are the same picture in the classes 'a' and 'b'")
    let divided = try PhotoFolder()
    for (name, sample) in [("train/a", "la.png"), ("train/b", "rgb.png"), ("test/a", "la.png")] {
      try divided.add(sample, as: name + "/1.png")
    }
    #expect(try refusal(divided).reason.contains("the same picture in the parts train and test"))
  }

  /// A set without a copy is the same file as that of the folder without it.
  @Test func withoutCopies() throws {
    let photos = try PhotoFolder.ofTwoClasses()
    let digest = try photos.pack().digest
    let bytes = try Data(contentsOf: URL(filePath: photos.output))
    try photos.add("rgb.png", as: "b/copy.png")
    try photos.add([], as: "a/0.png")
    #expect(try photos.pack(skipsBroken: true).digest == digest)
    #expect(try Data(contentsOf: URL(filePath: photos.output)) == bytes)
    #expect(try photos.folder.names() == ["photos", "photos.h5"])
  }

  /// What was there before stays if packing is cancelled, and no other file does.
  @Test func cancellation() throws {
    let photos = try PhotoFolder.ofTwoClasses()
    try Data("before".utf8).write(to: URL(filePath: photos.output))
    let calls = Mutex(0)
    let failure = try #require(throws: Failure.self) {
      // Before the last picture is decoded.
      try photos.pack(isCancelled: {
        calls.withLock {
          $0 += 1
          return $0 > 2
        }
      })
    }
    #expect(failure.kind == .interrupted)
    #expect(try photos.folder.text(of: "photos.h5") == "before")
    #expect(try photos.folder.names() == ["photos", "photos.h5"])
  }
}
