import Foundation
import HDF5
import Records
import TaskData
import Tensors
import Testing

/// Images that are read for a network.
struct ExpectedInputTests {
  private let shape = ImageShape(height: 2, width: 2, channels: 1)

  private func read(
    bytes: [UInt8]? = nil, floats: [Float]? = nil, attributes: [String: Float] = [:],
    _ expected: ExpectedInput, _ change: (inout DatasetOptions) -> Void = { _ in }
  ) throws -> LabeledDataset {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("ExpectedInput-\(UUID().uuidString).h5").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let file = try HDF5File.create(path)
    let x =
      try bytes.map { try file.root.write($0, shape: [4, 2, 2, 1], to: "x") }
      ?? file.root.write(floats ?? [], shape: [4, 2, 2, 1], to: "x")
    for (name, value) in attributes { try x.attributes.write(value, to: name) }
    try file.root.write([0, 1, 0, 1], shape: [4], to: "y")
    try file.close()
    var options = DatasetOptions()
    options.expected = expected
    change(&options)
    return try DatasetFile.read(path, options)
  }

  private let bytes = (0..<16).map { UInt8($0 * 17) }
  private let reason = "the network begins with 'scale' (Rescaling)"

  private func expecting(_ range: PixelRange?) -> ExpectedInput {
    ExpectedInput(shape: shape, range: range, reason: reason)
  }

  /// Plain bytes keep 0...255 for a network that is made for these, and are divided otherwise.
  @Test func plainBytes() throws {
    let kept = try read(bytes: bytes, expecting(.bytes))
    #expect(try kept.train.pixels == bytes.map(Float.init))
    #expect(kept.pixelRange == .bytes)
    #expect(kept.notes.contains("The bytes of /x stay 0...255: \(reason)."))
    for range in [PixelRange.unit, nil] {
      let divided = try read(bytes: bytes, expecting(range))
      #expect(try divided.train.pixels == bytes.map { Float($0) / 255 })
      #expect(divided.pixelRange == .unit && !divided.notes.contains { $0.contains("255") })
    }
  }

  /// Attributes of the bytes say their values, and a word what to do: both come before the network.
  @Test func saidOtherwise() throws {
    let scaled = try read(bytes: bytes, attributes: ["scale_factor": 0.5], expecting(.bytes))
    #expect(try scaled.train.pixels == bytes.map { Float($0) / 2 })
    let asked = try read(bytes: bytes, expecting(.bytes)) { $0.preprocess = .unit }
    #expect(try asked.train.pixels == bytes.map { Float($0) / 255 })
    #expect(asked.pixelRange == nil)
    #expect(asked.notes.contains { $0.hasPrefix("`preprocess` = unit was requested, but") })
  }

  /// Floats are as they were, and those of the other range are noted.
  @Test func floats() throws {
    let unit = bytes.map { Float($0) / 255 }
    let small = try read(floats: unit, expecting(.bytes))
    #expect(try small.train.pixels == unit)
    #expect(small.notes.contains { $0.contains("are 0...1, but \(reason)") })
    let large = try read(floats: bytes.map(Float.init), expecting(.unit))
    #expect(try large.train.pixels == bytes.map(Float.init))
    #expect(large.notes.contains { $0.contains("`preprocess` = unit divides them by 255") })
    #expect(!(try read(floats: unit, expecting(.unit)).notes.contains { $0.contains("but") }))
  }

  /// Images of another shape are refused.
  @Test func otherShape() throws {
    let expected = ExpectedInput(shape: ImageShape(height: 8, width: 2, channels: 1))
    let failure = #expect(throws: Failure.self) { try read(bytes: bytes, expected) }
    #expect(failure?.reason == "its images are 2×2×1, but the network takes 8×2×1")
  }

  /// A range in words is read back.
  @Test(arguments: [PixelRange.bytes, .unit, .numbers(-1.5, 2)])
  func words(range: PixelRange) {
    #expect(PixelRange(range.description) == range)
  }

  /// What is no range is none.
  @Test(arguments: ["", "0", "0...", "a...b", "1...2...3"]) func noRange(text: String) {
    #expect(PixelRange(text) == nil)
  }
}
