import HDF5
import Records
import Tensors

/// The native dataset file, in HDF5.
///
/// `/train/x` and `/test/x` hold the pixels `[count, height, width, channels]` as uint8 or float32,
/// `/train/y` and `/test/y` the labels `[count]` as integers from 0. A uint8 image with the CF
/// attributes `scale_factor` and `add_offset` means byte * scale_factor + add_offset (xarray
/// decodes it by itself), one without them means byte / 255. Attributes of the root: `name`,
/// `class_names`, `similarity`, `digest` (see ``TaskDataset/digest``), `generator` (the recipe of a
/// synthetic task as JSON), the recipe's numbers one by one as `generator_…`, and `split_seed` and
/// `split_test_share` if the test set was split off by tlbench.
///
/// Only `/train` and `/test` are required. Without class names, the classes are numbered from 0 to
/// the largest training label; a file without a digest is not checked against one.
package enum TaskFile {
  static let classNames = "class_names"
  static let digest = "digest"
  static let generator = "generator"
  static let name = "name"
  static let similarity = "similarity"
  static let scaleFactor = "scale_factor"
  static let addOffset = "add_offset"

  /// Images per chunk.
  private static let chunkRows = 256
  /// Noise hardly compresses: level 4 takes longer for files of nearly the same size.
  private static let compression = 1

  /// Writes a task; an existing file is replaced at the very end, so that `path` never holds a
  /// partial task.
  ///
  /// - Throws: `Failure` of kind `cannotCreate` when the file cannot be made, `inputOutput` when
  ///   writing fails midway.
  package static func write(_ task: TaskDataset, to path: String) throws {
    try HDF5File.replacing(path, attempt: "cannot write the dataset") { root in
      try write(task.train, to: root.createGroup("train"))
      try write(task.test, to: root.createGroup("test"))
      try write(describing: task, to: root.attributes)
    }
  }

  private static func write(_ images: LabeledImages, to group: HDF5Group) throws {
    let shape = images.shape
    let extent = [images.count, shape.height, shape.width, shape.channels]
    let storage = HDF5Storage.chunked(rows: chunkRows, compression: compression)
    switch try images.encoded() {
    case (.numbers(let numbers), _):
      try group.write(numbers, shape: extent, to: "x", storage: storage)
    case (.bytes(let bytes), .scaled(let scale, let offset)):
      let pixels = try group.write(bytes, shape: extent, to: "x", storage: storage)
      try pixels.attributes.write(scale, to: scaleFactor)
      try pixels.attributes.write(offset, to: addOffset)
    case (.bytes(let bytes), _):
      try group.write(bytes, shape: extent, to: "x", storage: storage)
    }
    try group.write(images.labels, shape: [images.count], to: "y")
  }

  private static func write(
    describing task: TaskDataset, to attributes: HDF5Attributes
  ) throws(HDF5Error) {
    try attributes.write(task.name, to: name)
    try attributes.write(task.train.classNames, to: classNames)
    if let similarity = task.similarity { try attributes.write(similarity, to: Self.similarity) }
    try attributes.write(task.digest, to: digest)
    if let split = task.split {
      try attributes.write(split.seed, to: "split_seed")
      try attributes.write(split.testShare, to: "split_test_share")
    }
    guard let recipe = task.recipe, let text = recipe.json else { return }
    try attributes.write(text, to: generator)
    for (name, number) in recipe.numbers { try attributes.write(number, to: "generator_" + name) }
    // A seed may have more bits than a Double.
    try attributes.write(recipe.settings.seed, to: "generator_seed")
  }
}

extension TaskRecipe {
  /// The recipe as JSON with sorted keys; `nil` if it has a number that JSON cannot represent.
  var json: String? { try? CanonicalJSON.encode(self) }

  /// A recipe from its JSON; `nil` when it is not one, as in files of other generators.
  init?(json: String) {
    guard let recipe = CanonicalJSON.decode(TaskRecipe.self, from: json) else { return nil }
    self = recipe
  }

  /// The settings that decide how hard the task is, for readers without a JSON parser.
  fileprivate var numbers: [(String, Double)] {
    [
      ("levels", Double(settings.levels)), ("symbols", Double(settings.symbols)),
      ("productions", Double(settings.productions)), ("tile_size", Double(settings.tileSize)),
      ("noise", settings.noise),
    ] + (target.map { [("replicate", Double($0.replicate))] } ?? [])
  }
}
