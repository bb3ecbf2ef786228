/// The members of a `.keras` archive.
enum ModelMember {
  static let metadata = "metadata.json"
  static let configuration = "config.json"
  static let weights = "model.weights.h5"
}
