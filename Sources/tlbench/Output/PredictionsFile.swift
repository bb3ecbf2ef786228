import Analysis
import Foundation
import HDF5
import Records
import Reports

/// Predictions that are saved as a CSV table or as HDF5 datasets.
struct PredictionsFile {
  static let attempt = "cannot write the predictions"

  enum Format {
    case csv, hdf5

    init(_ path: String) throws(Failure) {
      if path.hasSuffix(".csv") {
        self = .csv
      } else if path.hasSuffix(".h5") || path.hasSuffix(".hdf5") {
        self = .hdf5
      } else {
        throw OptionValues.refused(
          "--output", "'\(path)' ends neither in .csv nor in .h5",
          "Example: --output predictions.csv")
      }
    }
  }

  /// The probability of each class for each image, `[count][classes]`.
  let probabilities: [[Float]]
  /// The label of each image, `[count]`; `nil` if the images have no labels.
  let labels: [Int]?
  /// The part of the labelled set that each image belongs to, `[count]`.
  let parts: [String]
  /// The path of each picture, `[count]`; `nil` if the paths are not known.
  let paths: [String]?
  let classNames: [String]

  private var hasParts: Bool { Set(parts).count > 1 }

  var csv: String {
    let hasParts = hasParts
    var text = PredictionsCSV.header(
      classNames: classNames, hasLabels: labels != nil, hasParts: hasParts, hasPaths: paths != nil)
    for (index, row) in probabilities.enumerated() {
      text += PredictionsCSV.line(
        example: index, path: paths?[index], part: hasParts ? parts[index] : nil,
        label: labels?[index], probabilities: row, classNames: classNames)
    }
    return text
  }

  /// The predictions for programs, one object per image.
  var json: JSONValue {
    .array(
      probabilities.indices.map { index in
        let row = probabilities[index]
        return .object([
          "path": .string(paths?[index]),
          "part": .string(parts[index]),
          "label": .string(labels.map { classNames[$0[index]] }),
          "prediction": .string(classNames[ClassificationScore.prediction(row)]),
          // The fewest digits that read back as the same number.
          "probabilities": .array(row.map { .number(Double("\($0)")) }),
        ])
      })
  }

  /// - Throws: `Failure` of kind `cannotCreate` or `inputOutput`.
  func write(to path: String, _ format: Format) throws {
    try DefaultFolder.make(for: path)
    switch format {
    case .csv:
      try HDF5File.replacing(path, attempt: Self.attempt, with: Array(csv.utf8))
    case .hdf5:
      try HDF5File.replacing(path, attempt: Self.attempt) { root in
        let count = probabilities.count
        try root.write(
          probabilities.flatMap { $0 }, shape: [count, classNames.count], to: "probabilities")
        try root.write(
          probabilities.map { Int32(ClassificationScore.prediction($0)) }, shape: [count],
          to: "prediction")
        if let labels { try root.write(labels.map(Int32.init), shape: [count], to: "label") }
        if let paths { try root.write(paths, to: "path") }
        try root.attributes.write(classNames, to: "class_names")
        if hasParts {
          try root.write(parts, to: "part")
        } else if let part = parts.first {
          try root.attributes.write(part, to: "part")
        }
      }
    }
  }
}
