import HDF5
import Records
import Tensors

/// The images of one part of a file, read as ``DatasetOptions`` say.
struct ImageSource {
  let place: String
  let count: Int
  /// The shape of one image as a network sees it.
  let shape: ImageShape
  /// Decisions that the user may want to know, one sentence each.
  private(set) var notes: [String] = []
  let rows: ImageRows
  let encoding: PixelEncoding
  /// The input of the network that the images are for.
  let expected: ExpectedInput?
  /// Whether plain bytes stay 0...255 although no preprocessing was requested.
  let keepsBytes: Bool
  private let sources: [Int]
  private let storedChannels: Int
  let preprocessing: Preprocessing?

  /// - Parameter isNative: whether tlbench wrote the file, whose channels are always last.
  /// - Throws: `Failure` of kind `badData` for a dataset that does not hold images, `usage` for
  ///   options that do not fit the images.
  init(_ x: HDF5Dataset, options: DatasetOptions, isNative: Bool) throws {
    place = x.place
    let layout = try PixelLayout(
      of: x.shape, isNative && options.layout == .auto ? .nhwc : options.layout, at: place)
    let isFeatures = x.shape.count == 2
    if isFeatures {
      let unfit = [
        ("`resize`", options.resize != nil),
        ("`channels`", options.channels.map { $0 != x.shape[1] } ?? false),
        ("`preprocess`", options.preprocess?.needsColor ?? false),
      ]
      if let unfit = unfit.first(where: \.1)?.0 {
        throw Failure(
          .usage, "cannot use", on: unfit,
          because: "\(place) holds feature vectors of \(x.shape[1]) numbers, not images",
          remedy: "Omit it.")
      }
    }
    count = x.shape[0]
    storedChannels = layout.shape.channels
    if layout.channelsAreFirst, options.layout == .auto {
      notes.append("The channels of \(x.path) come first (\(x.shape)).")
    }
    let channels = options.channels ?? storedChannels
    switch (storedChannels, channels) {
    case (let same, channels) where same == channels: sources = Array(0..<channels)
    case (1, _): sources = [Int](repeating: 0, count: channels)
    case (4, 3):
      sources = [0, 1, 2]
      notes.append("The fourth channel of \(x.path) is ignored.")
    default:
      throw Failure(
        .usage, "cannot use", on: "`channels`",
        because: "\(place) has \(storedChannels) channels, which cannot become \(channels)",
        remedy: "One channel can become three or four, and four channels can become three.")
    }
    if let preprocessing = options.preprocess, preprocessing.needsColor, channels != 3 {
      throw Failure(
        .usage, "cannot use", on: "`preprocess`",
        because: "\(preprocessing.rawValue) is for three channels, but \(place) has \(channels)",
        remedy: channels == 1 ? "Request three channels with `channels` = 3." : nil)
    }
    let isApplied = options.preprocess != nil && options.preprocess != Preprocessing.none
    rows = try ImageRows(
      x, layout: layout, resizedTo: options.resize, range: isApplied ? 0...255 : nil)
    encoding = rows.isBytes ? try PixelEncoding(of: x) : .float
    switch x.elementType {
    case .boolean: notes.append("The booleans of \(x.path) are read as the bytes 0 and 255.")
    case .integer(let bytes, let isSigned) where bytes > 1 || isSigned:
      notes.append("The pixels of \(x.path) are \(x.elementType) and read as the bytes 0...255.")
    default: break
    }
    shape = ImageShape(height: rows.shape.height, width: rows.shape.width, channels: channels)
    expected = options.expected
    keepsBytes = Self.keepsBytes(options, isBytes: rows.isBytes, encoding: encoding)
    preprocessing = keepsBytes ? Preprocessing.none : options.preprocess
    guard let expected else { return }
    guard shape == expected.shape else {
      throw Failure(
        .badData, "cannot use the dataset", on: place,
        because: "its images are \(shape), but the network takes \(expected.shape)",
        remedy: "Give `resize` = \(expected.shape.height)x\(expected.shape.width), `channels`, or "
          + "another `inputShape` of the network.")
    }
    if keepsBytes {
      notes.append("The bytes of \(x.path) stay 0...255: \(expected.reason).")
    }
  }

  /// The images with labels; reads the pixels now if they fit into `memory`.
  func labeled(_ labels: [Int32], classNames: [String], memory: PixelMemory) throws -> LabeledImages
  {
    LabeledImages(
      shape: shape, store: try ImageRows.store(rows, memory: memory), encoding: encoding,
      labels: labels, classNames: classNames, sources: sources, storedChannels: storedChannels,
      preprocessing: preprocessing)
  }

  /// Throws if floats are to be preprocessed as values in 0...255 but reach at most 1.
  ///
  /// - Precondition: all images were read.
  func checkRange() throws(Failure) {
    guard !rows.isBytes, let preprocessing, preprocessing != .none, rows.largest <= 1 else {
      return
    }
    throw Failure(
      .usage, "cannot use", on: "`preprocess`",
      because: "\(preprocessing.rawValue) takes values in 0...255, but those of \(place) reach "
        + "only \(rows.largest)",
      remedy: "They seem to be scaled already: omit `preprocess`, or multiply them by 255.")
  }
}
