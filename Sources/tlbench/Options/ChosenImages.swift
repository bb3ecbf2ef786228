import Pictures
import Records
import TaskData

/// The parts of a labelled set that the option `--part` names.
enum PredictedPart: String, CaseIterable {
  case train, validation, test, all
}

/// The images of the requested parts of a labelled set.
struct ChosenImages {
  /// The requested parts, at least one, in the order train, validation, test.
  let sets: [(part: PredictedPart, images: LabeledImages)]
  let name: String
  /// The number of images of the whole set.
  let total: Int
  /// Whether the training examples are among the requested images.
  let hasTrainingImages: Bool

  /// - Parameter part: the requested part; `nil` for the test part if there is one, and all parts
  ///   otherwise.
  /// - Throws: `Failure` of kind `badData` if the set does not have the part, or it is empty.
  init(_ part: PredictedPart?, of dataset: LabeledDataset, at path: String) throws(Failure) {
    let known: [(PredictedPart, LabeledImages?)] = [
      (.train, dataset.train), (.validation, dataset.validation), (.test, dataset.test),
    ]
    let all = known.compactMap { part, images in images.map { (part: part, images: $0) } }
    let part = part ?? (dataset.test == nil ? .all : .test)
    sets = part == .all ? all : all.filter { $0.part == part }
    name = part.rawValue
    total = all.reduce(0) { $0 + $1.images.count }
    hasTrainingImages = sets.contains { $0.part == .train }
    guard !sets.isEmpty else {
      throw Failure(
        .badData, "cannot use the dataset", on: path, because: "it has no \(name) part",
        remedy: "It has \(all.map(\.part.rawValue).joined(separator: " and ")); --part all takes "
          + "all examples.")
    }
    guard count > 0 else {
      throw Failure(
        .badData, "cannot use the dataset", on: path, because: "its part \(name) has no examples",
        remedy: "Give a file with at least one example.")
    }
  }

  var count: Int { sets.reduce(0) { $0 + $1.images.count } }

  /// `part test, 100 of 300 examples`.
  var summary: String { "part \(name), \(count) of \(total) examples" }

  /// The name of the part of each image, in order.
  var parts: [String] {
    sets.flatMap { [String](repeating: $0.part.rawValue, count: $0.images.count) }
  }

  /// The path of each picture, in order.
  ///
  /// - Parameter known: the paths of all pictures of the file, by part.
  /// - Returns: `nil` unless every image has one; the images may be a selection (`--limit`).
  func paths(among known: [PicturePart: [String]]) -> [String]? {
    var paths: [String] = []
    for (part, images) in sets {
      guard let names = PicturePart(word: part.rawValue).flatMap({ known[$0] }),
        names.count == images.count
      else { return nil }
      paths += names
    }
    return paths
  }
}
