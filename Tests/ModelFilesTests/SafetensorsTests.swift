import Foundation
import HDF5
import ModelFiles
import NeuralNetwork
import Records
import Tensors
import TestSupport
import Testing

/// The format of safetensors.
struct SafetensorsTests {
  /// A file with this header and these bytes after it.
  private func file(_ header: String, _ bytes: [UInt8] = [], length: UInt64? = nil) -> Data {
    var data = Data()
    withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian) { data += $0 }
    return data + Data(header.utf8) + Data(bytes)
  }

  private func failure(reading data: Data) throws -> Failure {
    let folder = try TemporaryFolder()
    try data.write(to: folder.url.appending(path: "m.safetensors"))
    return try #require(throws: Failure.self) {
      try ModelFile.read(folder.path("m.safetensors"))
    }
  }

  struct Bad: Sendable, CustomTestStringConvertible {
    let testDescription, header: String
    let words: String
    var length: UInt64?
  }

  static let bad = [
    Bad(
      testDescription: "absurd length", header: "{}", words: "header would have", length: 1 << 60),
    Bad(testDescription: "header cut off", header: "{}", words: "only", length: 500),
    Bad(testDescription: "not JSON", header: "{\"a\": }", words: "not valid JSON"),
    Bad(testDescription: "not an object", header: "[1]    ", words: "not a JSON object"),
    Bad(
      testDescription: "name twice",
      header: #"{"a": {"dtype": "F32", "shape": [], "data_offsets": [0, 4]}, "#
        + #""a": {"dtype": "F32", "shape": [], "data_offsets": [4, 8]}}"#, words: "valid JSON"),
    Bad(
      testDescription: "unknown type",
      header: #"{"a": {"dtype": "F7", "shape": [2], "data_offsets": [0, 8]}}"#, words: "'F7'"),
    Bad(
      testDescription: "without a shape",
      header: #"{"a": {"dtype": "F32", "data_offsets": [0, 8]}}"#, words: "lacks"),
    Bad(
      testDescription: "negative length",
      header: #"{"a": {"dtype": "F32", "shape": [-2], "data_offsets": [0, 8]}}"#, words: "shape"),
    Bad(
      testDescription: "shape too large",
      header:
        #"{"a": {"dtype": "F32", "shape": [4611686018427387904, 8], "data_offsets": [0, 8]}}"#,
      words: "makes no sense"),
    Bad(
      testDescription: "beyond the end",
      header: #"{"a": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}}"#, words: "only 8"),
    Bad(
      testDescription: "offsets the wrong way",
      header: #"{"a": {"dtype": "F32", "shape": [2], "data_offsets": [8, 0]}}"#,
      words: "place"),
    Bad(
      testDescription: "another number of bytes",
      header: #"{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 8]}}"#,
      words: "needs 4 bytes"),
    Bad(
      testDescription: "overlap",
      header: #"{"a": {"dtype": "U8", "shape": [6], "data_offsets": [0, 6]}, "#
        + #""b": {"dtype": "U8", "shape": [4], "data_offsets": [4, 8]}}"#, words: "overlap"),
    Bad(
      testDescription: "gap",
      header: #"{"a": {"dtype": "U8", "shape": [3], "data_offsets": [0, 3]}, "#
        + #""b": {"dtype": "U8", "shape": [4], "data_offsets": [4, 8]}}"#,
      words: "belong to no tensor"),
    Bad(
      testDescription: "bytes at the end",
      header: #"{"a": {"dtype": "U8", "shape": [3], "data_offsets": [0, 3]}}"#,
      words: "at its end"),
    Bad(
      testDescription: "metadata of numbers", header: #"{"__metadata__": {"a": 1}}"#,
      words: "not a text"),
  ]

  /// A header that does not fit the file is refused with the reason.
  @Test(arguments: bad) func badHeader(_ bad: Bad) throws {
    let failure = try failure(
      reading: file(bad.header, [0, 0, 0, 0, 0, 0, 0, 0], length: bad.length))
    #expect(failure.kind == .badData)
    #expect(failure.reason.contains(bad.words), "\(failure)")
  }

  /// A name of thousands of parts is not taken apart for every one of them.
  @Test func manyParts() throws {
    let name = String(repeating: "a.", count: 100_000) + "weight"
    let failure = try failure(
      reading: file(
        "{\"\(name)\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]}}",
        [0, 0, 0, 0, 0, 0, 0, 0]))
    #expect(failure.reason.contains("do not belong to a known network"))
  }

  @Test func missing() throws {
    let failure = try #require(throws: Failure.self) {
      try ModelFile.read("/nowhere/model.safetensors")
    }
    #expect(failure.kind == .inputMissing)
  }

  /// A pipe is refused and not waited for, and so are settings of absurd length.
  @Test func otherFiles() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("model.safetensors")
    #expect(mkfifo(path, 0o600) == 0)
    let pipe = try #require(throws: Failure.self) { try ModelFile.read(folder.url.path) }
    #expect(pipe.reason == "it is not a regular file")
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.copyItem(
      atPath: fixture("text/bert/model.safetensors"), toPath: path)
    #expect(FileManager.default.createFile(atPath: folder.path("config.json"), contents: nil))
    #expect(truncate(folder.path("config.json"), 1 << 30) == 0)
    let settings = try #require(throws: Failure.self) { try ModelFile.read(folder.url.path) }
    #expect(settings.reason.contains("1073741824 bytes"))
  }

  /// Every length to which a file is cut off is refused.
  @Test func cutOff() throws {
    let whole = try Data(contentsOf: URL(filePath: fixture("text/bert/model.safetensors")))
    for count in [0, 7, 8, 9, 1000, whole.count / 2, whole.count - 1] {
      let failure = try failure(reading: whole.prefix(count))
      #expect(failure.kind == .badData, "\(count) bytes: \(failure)")
    }
  }

  /// Files with changed bytes are read or refused, but never crash.
  @Test func mutations() throws {
    let whole = try Data(contentsOf: URL(filePath: fixture("text/distilbert/model.safetensors")))
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(
      atPath: fixture("text/distilbert/config.json"), toPath: folder.path("config.json"))
    var generator = CounterGenerator(seed: 5)
    var refused = 0
    for _ in 0..<300 {
      var changed = whole
      for _ in 0..<1 + generator.index(below: 4) {
        // Most changes are in the header.
        let end = generator.index(below: 8) == 0 ? changed.count : 5000
        changed[generator.index(below: end)] = UInt8(generator.index(below: 256))
      }
      try changed.write(to: folder.url.appending(path: "model.safetensors"))
      do {
        _ = try ModelFile.read(folder.url.path)
      } catch let failure as Failure {
        refused += 1
        #expect(!failure.reason.isEmpty)
      }
    }
    #expect(refused > 100)
  }

  /// Torchvision's VGG from safetensors equals that from HDF5, for every type of numbers.
  @Test(arguments: ["F32", "F64", "F16", "BF16"]) func imageNetwork(type: String) throws {
    let options = ModelReadingOptions(
      inputShape: ImageShape(height: 8, width: 12, channels: 3))
    let expected = try ModelFile.read(fixture("torch_vgg.h5"), options: options)
    let root = try HDF5File.open(fixture("torch_vgg.h5")).root
    var (members, bytes): ([String], [UInt8]) = ([], [])
    for path in try root.datasetPaths() {
      let dataset = try root.dataset(path)
      let start = bytes.count
      for value in try dataset.read(as: Float.self) { bytes += encoded(value, type) }
      let name = path.split(separator: "/").joined(separator: ".")
      members.append(
        #""\#(name)": {"dtype": "\#(type)", "shape": \#(dataset.shape), "#
          + #""data_offsets": [\#(start), \#(bytes.count)]}"#)
    }
    let folder = try TemporaryFolder()
    try file("{" + members.joined(separator: ", ") + "}", bytes)
      .write(to: folder.url.appending(path: "vgg.safetensors"))
    let found = try ModelFile.read(folder.path("vgg.safetensors"), options: options)
    #expect(found.format == .safetensors)
    for (name, tensor) in expected.network.parameters {
      #expect(found.network[name].values == tensor.values.map { rounded($0, type) }, "\(name)")
    }
  }

  /// The number toward zero that a type has in place of a number.
  private func rounded(_ value: Float, _ type: String) -> Float {
    switch type {
    case "BF16": Float(bitPattern: value.bitPattern & 0xFFFF_0000)
    // Below 2^-14 the numbers are 2^-24 apart.
    case "F16" where abs(value) < 0x1p-14: (value * 0x1p24).rounded(.towardZero) * 0x1p-24
    case "F16": Float(bitPattern: value.bitPattern & 0xFFFF_E000)
    default: value
    }
  }

  private func encoded(_ value: Float, _ type: String) -> [UInt8] {
    switch type {
    case "F64": return withUnsafeBytes(of: Double(value).bitPattern.littleEndian) { Array($0) }
    case "BF16":
      return withUnsafeBytes(of: UInt16(value.bitPattern >> 16).littleEndian) { Array($0) }
    case "F16": return withUnsafeBytes(of: halfBits(value).littleEndian) { Array($0) }
    default: return withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
    }
  }

  /// The bits of the 16-bit float toward zero of a number.
  private func halfBits(_ value: Float) -> UInt16 {
    let sign: UInt16 = value.sign == .minus ? 0x8000 : 0
    let size = abs(value)
    guard size >= 0x1p-14 else { return sign | UInt16(size * 0x1p24) }
    let exponent = UInt16(Int(size.exponent) + 15)
    return sign | exponent << 10 | UInt16(size.significandBitPattern >> 13)
  }

  /// Integers are not read as parameters.
  @Test func integers() throws {
    let text = try Data(contentsOf: URL(filePath: fixture("text/bert/model.safetensors")))
    let length = Int(text[0]) | Int(text[1]) << 8
    let header = String(decoding: text[8..<8 + length], as: UTF8.self)
      .replacing(
        #""embeddings.LayerNorm.bias":{"dtype":"F32","#,
        with: #""embeddings.LayerNorm.bias":{"dtype":"I32","#)
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(
      atPath: fixture("text/bert/config.json"), toPath: folder.path("config.json"))
    try file(header, Array(text[(8 + length)...]))
      .write(to: folder.url.appending(path: "model.safetensors"))
    let failure = try #require(throws: Failure.self) { try ModelFile.read(folder.url.path) }
    #expect(failure.reason.contains("I32"))
    #expect(failure.subject?.hasSuffix(":embeddings.LayerNorm.bias") == true)
  }
}
