import Records

extension LinearProbe {
  static let attempt = "cannot fit or apply the linear probe"

  /// Checks features and labels.
  ///
  /// - Throws: `Failure` that names the first invalid example.
  static func check(features: [Float], labels: [Int32], classes: Int) throws(Failure) {
    guard classes >= 2 else {
      throw Failure(
        .usage, attempt,
        because: "there \(classes == 1 ? "is one class" : "are no classes"); it needs at least two")
    }
    guard !labels.isEmpty, !features.isEmpty else {
      throw Failure(.badData, attempt, because: "there are no examples or no features")
    }
    guard features.count % labels.count == 0 else {
      throw Failure(
        .badData, attempt,
        because: "\(features.count) numbers are not \(labels.count) rows of equal length")
    }
    if let row = labels.firstIndex(where: { !(0..<classes).contains(Int($0)) }) {
      throw Failure(
        .badData, attempt,
        because: "the label of example \(row) is \(labels[row]), outside 0...\(classes - 1)")
    }
    if let index = features.firstIndex(where: { !$0.isFinite }) {
      let width = features.count / labels.count
      throw Failure(
        .badData, attempt,
        because: "feature \(index % width) of example \(index / width) is \(features[index])",
        remedy: "Check the images and the weights for extreme values.")
    }
  }

  static func check(strength: Double) throws(Failure) {
    guard strength > 0, strength.isFinite else {
      throw Failure(
        .usage, attempt, because: "the strength C is \(strength)",
        remedy: "Choose a number greater than 0; 1 is usual, and smaller values penalize more.")
    }
  }
}
