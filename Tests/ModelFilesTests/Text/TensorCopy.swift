import Foundation
import HDF5
import ModelFiles
import NeuralNetwork
import Tensors
import TestSupport
import Testing

/// The floating-point tensors of an HDF5 file, to be written with a change.
struct TensorCopy {
  struct Entry {
    var path: String
    var shape: [Int]
    var values: [Float]
  }

  var entries: [Entry]
  /// The names of the layers, in files of the layout of Keras 2.
  private let layers: [String]?

  init(_ path: String) throws {
    let root = try HDF5File.open(path).root
    entries = try root.datasetPaths().map { path in
      let dataset = try root.dataset(path)
      return Entry(path: path, shape: dataset.shape, values: try dataset.read(as: Float.self))
    }
    let name = "layer_names"
    layers = try root.attributes.contains(name) ? root.attributes.readStrings(name) : nil
  }

  /// The position of the only tensor whose path ends in some text.
  func position(_ end: String) throws -> Int {
    let found = entries.indices.filter { entries[$0].path.hasSuffix(end) }
    #expect(found.count == 1, "\(end)")
    return try #require(found.first)
  }

  mutating func remove(_ end: String) throws { entries.remove(at: try position(end)) }

  /// Exchanges the axes of a matrix.
  mutating func transpose(_ end: String) throws {
    let index = try position(end)
    let entry = entries[index]
    entries[index].values = transposed(entry.values, entry.shape[0])
    entries[index].shape = entry.shape.reversed()
  }

  mutating func add(_ path: String, shape: [Int]) {
    let values = [Float](repeating: 0.5, count: shape.reduce(1, *))
    entries.append(Entry(path: path, shape: shape, values: values))
  }

  func write(to path: String) throws {
    let file = try HDF5File.create(path)
    if let layers { try file.root.attributes.write(layers, to: "layer_names") }
    for entry in entries {
      try file.root.write(entry.values, shape: entry.shape, to: String(entry.path.dropFirst()))
    }
    try file.close()
  }

  /// Reads the changed file beside a configuration.
  ///
  /// - Parameters:
  ///   - configuration: the fixture with the configuration.
  ///   - name: the name of the file.
  ///   - change: how the text of the configuration is changed.
  func read(
    beside configuration: String = "text/bert/config.json", as name: String = "tf_model.h5",
    changing change: (String) -> String = { $0 }
  ) throws -> StoredModel {
    let folder = try TemporaryFolder()
    try write(to: folder.path(name))
    let text = try String(contentsOfFile: fixture(configuration), encoding: .utf8)
    try Data(change(text).utf8).write(to: folder.url.appending(path: "config.json"))
    return try ModelFile.read(
      folder.path(name),
      options: ModelReadingOptions(
        inputShape: ImageShape(height: 1, width: 16, channels: TokenEmbedding.fields)))
  }

  /// A change that makes a file unfit for its network.
  enum Change: Sendable {
    case remove(String)
    case transpose(String)
    case add(String)
  }

  mutating func apply(_ change: Change) throws {
    switch change {
    case .remove(let end): try remove(end)
    case .transpose(let end): try transpose(end)
    case .add(let path): add(path, shape: [2])
    }
  }
}
