import HDF5
import Records
import Tensors

/// One set of a dataset file as it is stored, before its classes are known.
struct StoredImages {
  let shape: ImageShape
  let pixelPlace: String
  let labelPlace: String
  let labels: [Int]
  private let pixels: PixelStore
  private let encoding: PixelEncoding

  /// Reads `/set/x` and `/set/y`.
  ///
  /// - Throws: `Failure` of kind `badData`, or `HDF5Error`.
  init(_ set: String, in file: HDF5File, memory: PixelMemory) throws {
    let x = try file.root.dataset("/\(set)/x")
    let y = try file.root.dataset("/\(set)/y")
    pixelPlace = "\(file.path):\(x.path)"
    labelPlace = "\(file.path):\(y.path)"
    shape = try StoredImages.imageShape(of: x, pixelPlace)
    labels = try StoredImages.labels(of: y, labelPlace)
    guard labels.count == x.shape[0] else {
      throw StoredImages.bad(
        labelPlace, "it has \(labels.count) labels for \(x.shape[0]) images",
        remedy: "Give every image one label.")
    }
    let images = try ImageRows(x, layout: PixelLayout(shape: shape))
    encoding = images.isBytes ? try PixelEncoding(of: x) : .float
    pixels = try ImageRows.store(images, memory: memory)
  }

  /// The images with their classes.
  ///
  /// - Throws: `Failure` of kind `badData` for a label without a class.
  func labeled(with classNames: [String]) throws(Failure) -> LabeledImages {
    if let index = labels.firstIndex(where: { !classNames.indices.contains($0) }) {
      throw bad(
        labelPlace,
        "image \(index) has the label \(labels[index]), but the \(classNames.count) classes are "
          + "numbered 0...\(classNames.count - 1)",
        remedy: "Correct the label, or the class names.")
    }
    let labels = labels.map { Int32($0) }
    return LabeledImages(
      shape: shape, store: pixels, encoding: encoding, labels: labels, classNames: classNames)
  }

  func bad(_ place: String, _ reason: String, remedy: String) -> Failure {
    StoredImages.bad(place, reason, remedy: remedy)
  }

  private static func bad(_ place: String, _ reason: String, remedy: String) -> Failure {
    Failure(.badData, TaskFile.attempt, on: place, because: reason, remedy: remedy)
  }

  private static func imageShape(
    of x: HDF5Dataset, _ place: String
  ) throws(Failure) -> ImageShape {
    guard [3, 4].contains(x.shape.count) else {
      throw bad(
        place, "its shape is \(x.shape), which is not [count, height, width, channels]",
        remedy: "Store images with these four axes, or grayscale images without the last.")
    }
    guard !x.shape.contains(0) else {
      throw bad(place, "its shape is \(x.shape): it is empty", remedy: "Store at least one image.")
    }
    return ImageShape(
      height: x.shape[1], width: x.shape[2], channels: x.shape.count == 4 ? x.shape[3] : 1)
  }

  private static func labels(of y: HDF5Dataset, _ place: String) throws -> [Int] {
    guard y.shape.count == 1 || (y.shape.count == 2 && y.shape[1] == 1) else {
      throw bad(
        place, "its shape is \(y.shape), which is neither [count] nor [count, 1]",
        remedy: "Store one class number per image.")
    }
    switch y.elementType {
    case .integer, .boolean: return try y.read(as: Int.self)
    case .float, .string, .other:
      throw bad(
        place, "its elements are \(y.elementType), not integers",
        remedy: "Store class numbers from 0 as integers.")
    }
  }
}

extension PixelEncoding {
  /// The encoding of a dataset of bytes by `scale_factor` and `add_offset`; as in the CF
  /// conventions, one of the two attributes may be missing.
  ///
  /// - Throws: `Failure` of kind `badData` for attributes that make the encoding irreversible.
  init(of x: HDF5Dataset) throws {
    let isScaled = try x.attributes.contains(TaskFile.scaleFactor)
    let isShifted = try x.attributes.contains(TaskFile.addOffset)
    guard isScaled || isShifted else {
      self = .unit
      return
    }
    let scale =
      isScaled ? try x.attributes.readNumber(TaskFile.scaleFactor, as: Float.self) : 1
    let offset = isShifted ? try x.attributes.readNumber(TaskFile.addOffset, as: Float.self) : 0
    self = .scaled(scale: scale, offset: offset)
    guard isReversible else {
      throw Failure(
        .badData, TaskFile.attempt, on: x.place,
        because: "with scale_factor \(scale) and add_offset \(offset) different bytes have the "
          + "same value",
        remedy: "Correct the two attributes.")
    }
  }
}
