import Foundation
import HDF5
import Records

/// Finds the images or tokens and the labels of a file by their usual names.
struct DatasetKeys {
  /// The parts of a set that a file may store separately.
  enum Part: String, CaseIterable {
    case train, validation, test

    /// The words for the part in names of groups and datasets, lowercase.
    var words: [String] {
      switch self {
      case .train: ["train", "training"]
      case .validation: ["val", "valid", "validation"]
      case .test: ["test"]
      }
    }
  }

  enum Kind: String {
    case images, labels
    case tokens = "token ids"
    case mask = "masks"
    case lengths
    case types = "types of tokens"

    /// Usual names of the dataset in a group of one part, or in a file of one set; lowercase.
    var names: [String] {
      switch self {
      case .images: ["x", "data", "images", "features"]
      case .labels: ["y", "label", "labels", "target", "targets"]
      case .tokens: ["input_ids", "token_ids", "ids", "tokens"]
      case .mask: ["attention_mask", "padding_mask", "input_mask", "mask"]
      case .lengths: ["length", "lengths", "input_length"]
      case .types: ["token_type_ids", "segment_ids"]
      }
    }

    /// Names of the dataset that are used only if none has a usual name; lowercase.
    var rarerNames: [String] {
      switch self {
      case .images: ["image", "img", "imgs", "input", "inputs", "pixels"]
      case .labels: ["class", "class_id", "class_ids", "category", "output", "outputs"]
      case .tokens: ["x", "data", "input", "inputs"]
      case .mask, .lengths, .types: []
      }
    }

    /// Usual names of the dataset that contain a word for the part; lowercase.
    func names(of part: Part) -> [String] {
      part.words.flatMap { word -> [String] in
        switch self {
        case .images:
          ["\(word)_set_x", "x_\(word)", "\(word)_x", "\(word)_images", "\(word)_data"]
        case .labels:
          ["\(word)_set_y", "y_\(word)", "\(word)_y", "\(word)_labels", "\(word)_targets"]
        case .tokens, .mask, .lengths, .types: names.flatMap { ["\(word)_\($0)", "\($0)_\(word)"] }
        }
      }
    }

    /// Names with a word for the part that are used only if no dataset has a usual name; lowercase.
    func rarerNames(of part: Part) -> [String] {
      part.words.flatMap { word -> [String] in
        switch self {
        case .images:
          ["\(word)_image", "\(word)_img", "\(word)_imgs", "\(word)_features", "images_\(word)"]
        case .labels: ["\(word)_label", "\(word)_target", "labels_\(word)"]
        case .tokens: ["x_\(word)", "\(word)_x"]
        case .mask, .lengths, .types: []
        }
      }
    }

    /// Whether the dataset is what a network reads, which `xKey` names.
    var isInput: Bool { self == .images || self == .tokens }

    /// How to choose one of several datasets.
    var choice: String {
      switch self {
      case .images, .tokens: "Choose one of them with `xKey`."
      case .labels: "Choose one of them with `yKey`."
      case .mask, .lengths, .types: "Keep one of them."
      }
    }
  }

  let images: HDF5Group
  let labels: HDF5Group
  let options: DatasetOptions

  /// - Parameters:
  ///   - file: the file of the images.
  ///   - labelFile: the file of the labels, if it is another one.
  init(_ file: HDF5File, labels labelFile: HDF5File?, options: DatasetOptions) {
    self.init(file.root, labels: (labelFile ?? file).root, options: options)
  }

  init(_ images: HDF5Group, labels: HDF5Group, options: DatasetOptions) {
    self.images = images
    self.labels = labels
    self.options = options
  }

  /// Whether there are token ids for training under a name of their own.
  ///
  /// Beside images they are a table: `ids` may be the numbers of the images.
  var hasTokenIDs: Bool {
    get throws {
      func usual(_ kind: Kind) throws -> [HDF5Dataset] {
        try candidates(of: .train, in: images, names: kind.names, kind.names(of: .train))
      }
      let found = try usual(.tokens)
      guard !found.contains(where: { $0.shape.count == 2 && $0.shape[1] > 1 }) else { return true }
      return try !found.isEmpty && usual(.images).isEmpty
    }
  }

  /// The dataset of a part; `nil` if there is none.
  ///
  /// - Throws: `Failure` of kind `badData` that names the candidates if there are several.
  func dataset(_ kind: Kind, of part: Part) throws -> HDF5Dataset? {
    let root = kind == .labels ? labels : images
    if let key = kind.isInput ? options.xKey : kind == .labels ? options.yKey : nil {
      let path = absolute(key)
      if part == .train { return try root.dataset(path) }
      guard let path = counterpart(of: path, for: part), try root.contains(path) else { return nil }
      return try root.dataset(path)
    }
    if !kind.isInput, let key = options.xKey {
      let path = absolute(key)
      let own = part == .train ? path : counterpart(of: path, for: part)
      guard let parent = own?.split(separator: "/").dropLast().joined(separator: "/") else {
        return nil
      }
      let place = try root.contains("/" + parent) ? root.group("/" + parent) : root
      var found = try candidates(in: place, named: kind.names + kind.names(of: part))
      if found.isEmpty {
        found = try candidates(in: place, named: kind.rarerNames + kind.rarerNames(of: part))
      }
      return try only(found, kind, of: part, in: root)
    }
    return try only(candidates(kind, of: part, in: root), kind, of: part, in: root)
  }

  /// The dataset of the training part.
  ///
  /// - Throws: `Failure` of kind `badData` that says what the file holds instead.
  func required(_ kind: Kind) throws -> HDF5Dataset {
    if let found = try dataset(kind, of: .train) { return found }
    let root = kind == .labels ? labels : images
    let names = try root.childNames()
    throw Failure(
      .badData, TaskFile.attempt, on: "\(root.filePath):/",
      because: "there are no \(kind.rawValue) with a usual name; the file holds "
        + (names.isEmpty ? "nothing" : names.prefix(8).joined(separator: ", "))
        + (names.count > 8 ? ", …" : ""),
      remedy: kind == .labels
        ? "Give their path with `yKey`, and their file with `yFile` if it is another one."
        : "Give their path with `xKey`.")
  }

  private func candidates(
    _ kind: Kind, of part: Part, in root: HDF5Group
  ) throws -> [HDF5Dataset] {
    let usual = try candidates(of: part, in: root, names: kind.names, kind.names(of: part))
    guard usual.isEmpty else { return usual }
    return try candidates(of: part, in: root, names: kind.rarerNames, kind.rarerNames(of: part))
  }

  /// - Parameters:
  ///   - names: names of the dataset in a group of one part.
  ///   - partNames: names of the dataset that contain a word for the part.
  private func candidates(
    of part: Part, in root: HDF5Group, names: [String], _ partNames: [String]
  ) throws -> [HDF5Dataset] {
    var found = try candidates(in: root, named: partNames + (part == .train ? names : []))
    for name in try root.childNames() where part.words.contains(name.lowercased()) {
      guard let group = try unlessOther({ try root.group(name) }) else { continue }
      found += try candidates(in: group, named: names + partNames)
    }
    return found
  }

  private func candidates(in group: HDF5Group, named names: [String]) throws -> [HDF5Dataset] {
    try group.childNames().filter { names.contains($0.lowercased()) }.compactMap { name in
      try unlessOther { try group.dataset(name) }
    }
  }

  private func only(
    _ found: [HDF5Dataset], _ kind: Kind, of part: Part, in root: HDF5Group
  ) throws(Failure) -> HDF5Dataset? {
    guard found.count > 1 else { return found.first }
    throw Failure(
      .badData, TaskFile.attempt, on: "\(root.filePath):/",
      because: "\(found.map(\.path).joined(separator: " and ")) could each be the "
        + (part == .train ? "" : "\(part.rawValue) ") + kind.rawValue,
      remedy: kind.choice)
  }

  /// The path with another part's name in place of the training part's.
  private func counterpart(of path: String, for part: Part) -> String? {
    let replacements = [("train", part.words[0]), ("Train", part.words[0].capitalized)]
    for (word, other) in replacements where path.contains(word) {
      return path.replacing(word, with: other, maxReplacements: 1)
    }
    return nil
  }

  private func absolute(_ key: String) -> String { key.hasPrefix("/") ? key : "/" + key }

  /// The opened object, or `nil` if it is of another kind.
  private func unlessOther<Object>(_ open: () throws -> Object) throws -> Object? {
    do {
      return try open()
    } catch let error as HDF5Error where error.code == .wrongType {
      return nil
    }
  }
}
