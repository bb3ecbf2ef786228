import Foundation
package import Records

/// The structure of a network as `model.to_json()` of Keras 2 or 3 describes it.
package struct ModelStructure: Sendable {
  let configuration: JSONValue
  /// The version of Keras that wrote the description; Keras 2 stores it.
  var kerasVersion: String? { configuration.object?["keras_version"]?.string }

  private static let attempt = "cannot read the structure of the model"
  private static let largest = 64 << 20
  private static let makeIt = "In Keras: open('model.json', 'w').write(model.to_json())"

  /// Reads a JSON file.
  ///
  /// - Throws: `Failure` of kind `inputMissing` or `badData`.
  package init(_ path: String) throws(Failure) {
    func refused(_ kind: Failure.Kind, _ reason: String) -> Failure {
      Failure(
        kind, ModelStructure.attempt, on: path, because: reason, remedy: ModelStructure.makeIt)
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
      !isFolder.boolValue, let handle = FileHandle(forReadingAtPath: path)
    else { throw refused(.inputMissing, "there is no such readable file") }
    let bytes = (try? handle.read(upToCount: ModelStructure.largest + 1)) ?? Data()
    guard bytes.count <= ModelStructure.largest else {
      throw refused(.badData, "it is larger than \(ModelStructure.largest >> 20) MiB")
    }
    do {
      let value = try JSONParser.parse(bytes)
      // json.dump of a JSON text encodes the text once more, as a JSON string.
      if let text = value.string {
        configuration = try JSONParser.parse(text.utf8)
      } else {
        configuration = value
      }
    } catch {
      throw refused(.badData, "it is not valid JSON: \(error.reason) (byte \(error.offset))")
    }
  }
}
