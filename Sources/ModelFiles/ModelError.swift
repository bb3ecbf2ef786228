import HDF5
import Records

/// Why a model cannot be read or written, before the name of the file is known.
struct ModelError: Error {
  var kind = Failure.Kind.badData
  /// The location inside the file, such as `/model_weights/conv2d` or `config.json`.
  let place: String?
  let reason: String
  let remedy: String?

  init(_ kind: Failure.Kind, _ reason: String, remedy: String? = nil) {
    self.init(at: nil, reason, remedy: remedy)
    self.kind = kind
  }

  init(at place: String? = nil, _ reason: String, remedy: String? = nil) {
    self.place = place
    self.reason = reason
    self.remedy = remedy
  }

  /// The error as the user sees it.
  func failure(_ attempt: String, path: String) -> Failure {
    Failure(
      kind, attempt, on: place.map { "\(path):\($0)" } ?? path, because: reason, remedy: remedy)
  }

  /// The first of some names, and how many more there are.
  static func list(_ names: [String], showing count: Int = 6) -> String {
    let shown = names.prefix(count).joined(separator: ", ")
    return names.count > count ? "\(shown) and \(names.count - count) more" : shown
  }
}
