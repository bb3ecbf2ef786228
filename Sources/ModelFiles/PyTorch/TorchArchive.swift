import Foundation

/// A zip archive of `torch.save`: a pickle that says what the tensors are, and the storages that
/// they are views of.
///
/// The members are `NAME/data.pkl`, `NAME/data/0` and so on, and `NAME/byteorder`.
struct TorchArchive {
  let pickle: Pickle
  /// The size of the file in bytes.
  var byteCount: Int { archive.byteCount }
  private let archive: ZipArchive
  /// What the names of all members begin with, such as `model/`.
  private let prefix: String

  static let pickleName = "data.pkl"
  private static let largestPickle = 64 << 20

  /// Opens an archive; `nil` for one of another kind.
  ///
  /// - Throws: `ModelError` if it is damaged, or if its pickle holds more than tensors,
  ///   dictionaries and plain values.
  init?(_ path: String) throws(ModelError) {
    let archive = try ZipArchive(path)
    let pickles = archive.names.filter {
      $0 == TorchArchive.pickleName || $0.hasSuffix("/\(TorchArchive.pickleName)")
    }
    guard let name = pickles.first, !archive.names.contains(ModelMember.configuration) else {
      return nil
    }
    guard pickles.count == 1 else {
      throw ModelError("it has several pickles: \(ModelError.list(pickles))")
    }
    let prefix = String(name.dropLast(TorchArchive.pickleName.count))
    guard !archive.names.contains(where: { $0.hasPrefix("\(prefix)code/") }) else {
      throw TorchRefusal.script(path)
    }
    let order = "\(prefix)byteorder"
    if archive.names.contains(order) {
      guard try archive.contents(of: order) == Data("little".utf8) else {
        throw ModelError(
          at: order, "its numbers are not in the order of this machine's bytes",
          remedy: "Save it on a machine with little-endian numbers, such as any x86 or ARM one.")
      }
    }
    guard let length = archive.length(of: name), length <= TorchArchive.largestPickle else {
      throw ModelError(at: name, "it is larger than \(TorchArchive.largestPickle >> 20) MiB")
    }
    pickle = try PickleMachine.read(
      try archive.contents(of: name), remedy: TorchRefusal.remedy(for: path))
    (self.archive, self.prefix) = (archive, prefix)
    try checkStorages()
  }

  /// Throws if a storage has fewer bytes than its elements need.
  private func checkStorages() throws(ModelError) {
    for storage in pickle.storages {
      let name = member(of: storage)
      guard let length = archive.length(of: name) else {
        throw ModelError("the archive has no member '\(name)', which a tensor is in")
      }
      guard storage.count <= length / storage.type.bytes else {
        throw ModelError(
          at: name,
          "it has \(length) bytes, not those of \(storage.count) elements of "
            + storage.type.rawValue,
          remedy: "The file is damaged, or torch.save did not write it.")
      }
    }
  }

  private func member(of storage: TorchStorage) -> String { "\(prefix)data/\(storage.key)" }

  /// The elements of a tensor, in the order of its axes; `nil` if they are not floating-point
  /// numbers.
  func values(of tensor: TorchTensor) throws(ModelError) -> [Float]? {
    guard tensor.count > 0 else { return [] }
    let width = tensor.storage.type.bytes
    let start = tensor.offset * width
    let bytes = try archive.contents(
      of: member(of: tensor.storage), in: start..<start + tensor.reach * width)
    return tensor.storage.type.values(bytes).map { tensor.ordered($0) }
  }
}
