import HDF5
import Tensors

/// A tensor of a file whose header has been read.
struct StoredTensor {
  private enum Source {
    case dataset(HDF5Dataset)
    case safetensors(SafetensorsFile, SafetensorsFile.Entry)
    case torch(TorchArchive, TorchTensor, path: String)
    case joined([StoredTensor], axis: Int)
  }

  private let source: Source

  init(dataset: HDF5Dataset) { source = .dataset(dataset) }

  init(_ entry: SafetensorsFile.Entry, of file: SafetensorsFile) {
    source = .safetensors(file, entry)
  }

  init(_ tensor: TorchTensor, of archive: TorchArchive, path: String) {
    source = .torch(archive, tensor, path: path)
  }

  /// Tensors of one shape side by side along a new axis; `nil` if their shapes differ or lack axes.
  init?(joining parts: [StoredTensor], axis: Int) {
    guard let first = parts.first, first.shape.count >= axis,
      parts.allSatisfy({ $0.shape == first.shape })
    else { return nil }
    source = .joined(parts, axis: axis)
  }

  /// The path inside the file, or that of the first of several tensors.
  var path: String {
    switch source {
    case .joined(let parts, _): parts.first?.path ?? ""
    case .dataset(let dataset): dataset.path
    case .safetensors(_, let entry): entry.name
    case .torch(_, _, let path): path
    }
  }

  /// The paths of all tensors inside the file that this one consists of.
  var paths: [String] {
    guard case .joined(let parts, _) = source else { return [path] }
    return parts.flatMap(\.paths)
  }

  var shape: [Int] {
    switch source {
    case .joined(let parts, let axis):
      Array((parts.first?.shape ?? []).prefix(axis)) + [parts.count]
        + Array((parts.first?.shape ?? []).dropFirst(axis))
    case .dataset(let dataset): dataset.shape
    case .safetensors(_, let entry): entry.shape
    case .torch(_, let tensor, _): tensor.shape
    }
  }

  /// The values as `Float`, whatever precision they are stored in.
  func values() throws -> [Float] {
    switch source {
    case .dataset(let dataset): return try values(of: dataset)
    case .safetensors(let file, let entry):
      return try floats(entry.type.values(try file.read(entry)), entry.type)
    case .torch(let archive, let tensor, _):
      return try floats(archive.values(of: tensor), tensor.storage.type)
    case .joined(let parts, let axis):
      let values = try parts.map { try $0.values() }
      let count = (parts.first?.shape ?? []).dropFirst(axis).reduce(1, *)
      guard count > 0 else { return [] }
      var result: [Float] = []
      result.reserveCapacity(values.reduce(0) { $0 + $1.count })
      for start in stride(from: 0, to: values.first?.count ?? 0, by: count) {
        for part in values { result += part[start..<start + count] }
      }
      return result
    }
  }

  private func floats(_ values: [Float]?, _ type: ElementType) throws(ModelError) -> [Float] {
    guard let values else {
      throw ModelError(
        at: path, "its elements are \(type.rawValue), not floating-point numbers",
        remedy: "Save the model with float32 values: of model.float().")
    }
    return values
  }

  private func values(of dataset: HDF5Dataset) throws -> [Float] {
    guard dataset.elementType == .other else { return try dataset.read(as: Float.self) }
    // HDF5 has no bfloat16: Keras stores its two bytes, and Keras 3's own layout names the type.
    let name =
      try dataset.attributes.contains("dtype") ? dataset.attributes.readString("dtype") : "bfloat16"
    guard name == "bfloat16" else {
      throw ModelError(at: path, "its elements are neither numbers nor bfloat16")
    }
    let bytes = try dataset.readOpaque(elementBytes: 2)
    return stride(from: 0, to: bytes.count, by: 2).map {
      Float(bitPattern: UInt32(bytes[$0]) << 16 | UInt32(bytes[$0 + 1]) << 24)
    }
  }
}

extension HDF5Group {
  func storedTensor(_ path: String) throws -> StoredTensor {
    StoredTensor(dataset: try dataset(path))
  }
}

extension HDF5Attributes {
  private static var mostChunks: Int { 10_000 }

  /// A list of names as Keras writes it.
  ///
  /// The list is in one attribute or, if that would be too long, in several numbered ones; an empty
  /// list has the type of numbers.
  func names(in attribute: String) throws -> [String] {
    if try contains(attribute) { return try namesOrNothing(attribute) }
    var result: [String] = []
    var chunk = 0
    while chunk < HDF5Attributes.mostChunks, try contains("\(attribute)\(chunk)") {
      result += try namesOrNothing("\(attribute)\(chunk)")
      chunk += 1
    }
    return result
  }

  private func namesOrNothing(_ attribute: String) throws -> [String] {
    do {
      return try readStrings(attribute)
    } catch let error where error.code == .wrongType {
      guard try readNumbers(attribute, as: Double.self).isEmpty else { throw error }
      return []
    }
  }

  /// The text in an attribute, or `nil` if there is no such attribute.
  func text(_ attribute: String) throws -> String? {
    try contains(attribute) ? try readString(attribute) : nil
  }
}
