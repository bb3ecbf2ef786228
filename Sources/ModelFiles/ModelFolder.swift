import Foundation
import Records

/// The folder of a model, as `save_pretrained` of transformers or `save_to_preset` of KerasHub
/// writes it.
enum ModelFolder {
  private static let model = "model.safetensors"
  /// The files of a model, the preferred one first.
  private static let files = [model, "pytorch_model.bin", "tf_model.h5", "model.weights.h5"]
  private static let saving =
    "In Python: model.save_pretrained('folder') writes \(model) and "
    + "\(EncoderSettings.fileName)."

  static func isOne(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  /// The size of a regular file in bytes; `nil` for anything else, such as a pipe, whose opening
  /// would wait.
  static func sizeOfFile(_ path: String) -> Int? {
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: target),
      attributes[.type] as? FileAttributeType == .typeRegular
    else { return nil }
    return attributes[.size] as? Int
  }

  /// The folder that a file lies in.
  static func folder(of path: String) -> String {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    return parts.isEmpty ? "." : parts == [""] ? "/" : parts.joined(separator: "/")
  }

  /// The file of the model in a folder; the path itself if it is not a folder.
  ///
  /// - Throws: `ModelError` for a folder without such a file, which says what it holds instead.
  static func modelFile(at path: String) throws(ModelError) -> String {
    guard isOne(path) else { return path }
    func has(_ name: String) -> Bool {
      FileManager.default.fileExists(atPath: "\(path)/\(name)")
    }
    if let file = files.first(where: has) { return "\(path)/\(file)" }
    for index in files.map({ "\($0).index.json" }) where has(index) {
      throw ModelError(
        "its tensors are divided among several files (\(index))",
        remedy: "Save it in one file: model.save_pretrained('folder', max_shard_size='100GB').")
    }
    throw ModelError(
      .inputMissing,
      "it is a folder without \(files.dropLast().joined(separator: ", ")) or "
        + "\(files.last ?? model)", remedy: saving)
  }
}
