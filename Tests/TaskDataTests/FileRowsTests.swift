import Dispatch
import Foundation
import HDF5
import Records
import TaskData
import Tensors
import TestSupport
import Testing

/// Sets that stay in their file because memory is not to hold them.
struct FileRowsTests {
  /// Images read in blocks are those read at once, and the blocks kept are within the bound, for
  /// chunks of several rows, chunks that cut images, none, and floats.
  @Test(arguments: [
    ("pcam_x", 150), ("nchw", 500), ("case", 40), ("digits", 1200), ("groups", 32),
  ])
  func sameImages(name: String, memory: Int) throws {
    var options = DatasetOptions()
    if name == "pcam_x" { options.yFile = try fixture("datasets/pcam_y.h5") }
    let path = try fixture("datasets/\(name).h5")
    let whole = try DatasetFile.read(path, options)
    let parts = try DatasetFile.read(path, options, memory: memory)
    #expect(try parts.train.pixels == whole.train.pixels)
    #expect(parts.digest == whole.digest)
    #expect(parts.train.storageBytes < whole.train.storageBytes)
  }

  /// Jumping about, resized and as color: every row is the right one and the bound holds.
  @Test func jumping() throws {
    try withTemporaryFolder { folder in
      let path = try large(in: folder)
      var options = DatasetOptions()
      options.resize = ImageSize("5x9")
      options.channels = 3
      options.preprocess = .torch
      let whole = try DatasetFile.read(path, options).train
      let parts = try DatasetFile.read(path, options, memory: 5_000).train
      var generator = CounterGenerator(seed: 6)
      var order = Array(0..<whole.count)
      generator.shuffle(&order)
      let buffer = try TensorBuffer.activations(batch: 8, shape: parts.shape)
      let (some, same) = (parts.selecting(order), whole.selecting(order))
      for start in stride(from: 0, to: 200, by: 8) {
        try some.load(Array(start..<start + 8)[...], into: buffer)
        let found = buffer.withStorage { Array($0[0..<8 * parts.shape.count]) }
        #expect(try found == same.values(of: Array(start..<start + 8)[...]))
        #expect(parts.storageBytes <= 5_000)
      }
      #expect(try some.pixels == same.pixels)
    }
  }

  /// Threads that read at once get the right rows.
  @Test func threads() throws {
    try withTemporaryFolder { folder in
      let path = try large(in: folder)
      let whole = try DatasetFile.read(path).train
      let parts = try DatasetFile.read(path, memory: 5_000).train
      let expected = try whole.pixels
      let length = whole.shape.count
      DispatchQueue.concurrentPerform(iterations: 4) { worker in
        for row in stride(from: worker, to: 200, by: 3) {
          let found = try? parts.image(row)
          #expect(found == Array(expected[row * length..<(row + 1) * length]))
        }
      }
    }
  }

  /// A native task that is larger than the bound keeps its digest.
  @Test func native() throws {
    try withTemporaryFolder { folder in
      let task = try smallTarget()
      try TaskFile.write(task, to: "\(folder)/t.h5")
      let read = try TaskFile.read("\(folder)/t.h5", memory: 1_000)
      #expect(read.digest == task.digest)
      #expect(try read.train.pixels == task.train.pixels)
      try TaskFile.write(read, to: "\(folder)/again.h5")
      #expect(try TaskFile.read("\(folder)/again.h5").digest == task.digest)
    }
  }

  /// A number that is none is found wherever in the file it is.
  @Test func notFinite() throws {
    try withTemporaryFolder { folder in
      let path = try large(in: folder, of: Float.self) { $0[199 * 64 + 63] = .nan }
      let error = failure { _ = try DatasetFile.read(path, memory: 20_000) }
      #expect(error?.subject == "\(path):/x")
      #expect(error?.reason == "image 199 has a pixel that is nan")
    }
  }

  /// 200 images of 8×8 in chunks of 16.
  private func large(in folder: String) throws -> String {
    try large(in: folder, of: UInt8.self) { _ in }
  }

  private func large<Value: HDF5Number>(
    in folder: String, of type: Value.Type, _ change: (inout [Value]) -> Void
  ) throws -> String {
    let file = try HDF5File.create("\(folder)/large.h5")
    var values = (0..<200 * 64).map { Value(exactly: ($0 * $0) % 251) ?? 0 }
    change(&values)
    try file.root.write(
      values, shape: [200, 8, 8], to: "x", storage: .chunked(rows: 16, compression: 1))
    try file.root.write((0..<200).map { $0 % 4 }, shape: [200], to: "y")
    try file.close()
    return "\(folder)/large.h5"
  }
}
