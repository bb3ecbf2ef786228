import HDF5
import Records

/// The labels of a dataset of a file: a class number of any range, or a class name, per example.
struct StoredLabels {
  let place: String
  let values: [LabelValue]

  /// Reads the labels; if all are texts of whole numbers, they are class numbers.
  ///
  /// - Parameter count: the number of examples, known from the images.
  /// - Throws: `Failure` of kind `badData` for another number of labels, for shapes that are not
  ///   one label per example, and for elements that are neither class numbers nor names.
  init(_ y: HDF5Dataset, count: Int) throws {
    place = y.place
    // Axes of length 1 are ignored: [count, 1], [1, count] and [count, 1, 1, 1] are columns.
    let axes = y.shape.filter { $0 != 1 }
    let isOneHot =
      y.elementType != .string && y.shape.count == 2 && y.shape[0] == count && y.shape[1] > 1
      && count != 1
    guard axes.count <= 1 || isOneHot else {
      throw Self.bad(
        place,
        "its shape is \(y.shape), which is "
          + (y.elementType == .string
            ? "not [count]" : "neither [count] nor [count, classes]")
          + (axes.first == count ? "" : " for \(count) images"),
        remedy: y.elementType == .string
          ? "Store one class name per image."
          : "Store one class number, or one row of a one-hot code, per image.")
    }
    let found = isOneHot ? y.shape[0] : y.shape.reduce(1, *)
    guard found == count else {
      throw Self.bad(
        place, "it has \(found) labels for \(count) images",
        remedy: "Give every image one label, or give the path of the labels with `yKey`.")
    }
    if y.elementType == .string {
      values = try Self.names(y)
    } else {
      values = (isOneHot ? try Self.oneHot(y) : try Self.numbers(y)).map { .number($0) }
    }
  }

  private static func names(_ y: HDF5Dataset) throws -> [LabelValue] {
    let texts = try y.readStrings()
    if let missing = texts.firstIndex(of: "") {
      throw bad(
        y.place, "the label of image \(missing) is an empty text",
        remedy: "Give every image the name of its class, or leave the image out.")
    }
    let numbers = texts.compactMap { text in Int(text).flatMap { "\($0)" == text ? $0 : nil } }
    return numbers.count == texts.count ? numbers.map { .number($0) } : texts.map { .text($0) }
  }

  private static func numbers(_ y: HDF5Dataset) throws -> [Int] {
    switch y.elementType {
    case .integer, .boolean: return try y.read(as: Int.self)
    case .float:
      let numbers = try y.read(as: Double.self)
      let wrong = numbers.firstIndex { $0.rounded() != $0 || abs($0) > 1e15 }
      if let wrong {
        throw bad(
          y.place, "image \(wrong) has the label \(numbers[wrong]), which is not a whole number",
          remedy: "Store class numbers.")
      }
      return numbers.map { Int($0) }
    case .string, .other:
      throw bad(
        y.place, "its elements are \(y.elementType), not class numbers or names",
        remedy: "Number the classes from 0, and store their names as class_names.")
    }
  }

  private static func oneHot(_ y: HDF5Dataset) throws -> [Int] {
    guard y.elementType.isNumber else { return try numbers(y) }
    let (codes, classes) = (try y.read(as: Double.self), y.shape[1])
    return try stride(from: 0, to: codes.count, by: classes).map { start in
      let code = codes[start..<start + classes]
      guard code.allSatisfy({ $0 == 0 || $0 == 1 }), code.count(where: { $0 == 1 }) == 1,
        let one = code.firstIndex(of: 1)
      else {
        throw bad(
          y.place,
          "row \(start / classes) of \(y.shape) is not a one-hot code, a single 1 among zeros",
          remedy: "Store one class number per image; several labels per image are not supported.")
      }
      return one - start
    }
  }

  private static func bad(_ place: String, _ reason: String, remedy: String) -> Failure {
    Failure(.badData, TaskFile.attempt, on: place, because: reason, remedy: remedy)
  }
}
