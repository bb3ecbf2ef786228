import ArgumentParser
import Records
import TaskData

/// The options for reading a labelled set in HDF5 that another tool wrote.
struct DataFileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Path of the images or token ids in the file (default: x, data, images, features, \
      train_set_x, X_train or similar, in upper or lower case, in the root or in train/; of texts, \
      input_ids, token_ids or similar).
      """, valueName: "key"))
  var xKey: String?

  @Option(
    help: ArgumentHelp(
      """
      Path of the labels in the file (default: y, label(s), target(s), train_set_y, y_train or \
      similar).
      """, valueName: "key"))
  var yKey: String?

  @Option(
    help: ArgumentHelp("File of the labels (default: the file of the images).", valueName: "path"),
    completion: .file(extensions: ["h5", "hdf5"]))
  var yFile: String?

  @Option(
    help: ArgumentHelp(
      "Axis of the channels: nhwc (last), nchw (first) or auto (the axis of length 1, 3 or 4).",
      valueName: "name"))
  var layout = Choice(ImageLayout.auto)

  @Option(
    help: ArgumentHelp(
      """
      Dataset or attribute of the class names (default: class_names, list_classes or classes, and \
      without them the labels themselves).
      """, valueName: "key"))
  var classesKey: String?

  @Option(
    help: ArgumentHelp(
      "Resize the images (bilinear) to this size, such as 224x160 (height x width) or 224.",
      valueName: "size"))
  var resize: String?

  @Option(
    help: ArgumentHelp(
      """
      Preprocessing that the network expects, as Keras defines it: none, unit (/255), tf \
      (/127.5 - 1), torch (/255, ImageNet's mean and deviation) or caffe (blue first, minus \
      ImageNet's mean). It applies to values in 0...255: stored bytes, ignoring their scale \
      attributes, or floats of that range; other floats are refused (default: what a network that \
      tlbench trained was trained on; otherwise bytes are divided by 255 or scaled by their \
      attributes, unless the first layers of the network scale 0...255 themselves, such as \
      Rescaling, and floats are kept).
      """, valueName: "name"))
  var preprocess: Choice<Preprocessing>?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Channels that the network expects; 3 converts grayscale images to color.",
      valueName: "count"))
  var channels: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Use only the first tokens of longer texts, at most this many (default: no limit but that of \
      the network).
      """, valueName: "count"))
  var maxLength: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Use at most this many examples, keeping class proportions.", valueName: "count"))
  var limit: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Memory for the pixels of each part of the set, in MiB; a larger part is read from the file \
      in blocks, which is slowest if training visits images in random order.
      """, valueName: "MiB"))
  var imageMemory = DatasetFile.memory >> 20

  /// The options that were given, for commands in which they may have no effect.
  var given: [String] {
    [
      ("--x-key", xKey != nil), ("--y-key", yKey != nil), ("--y-file", yFile != nil),
      ("--layout", layout != Choice(ImageLayout.auto)), ("--classes-key", classesKey != nil),
      ("--resize", resize != nil), ("--preprocess", preprocess != nil),
      ("--channels", channels != nil), ("--max-length", maxLength != nil),
      ("--limit", limit != nil),
      ("--image-memory", imageMemory != DatasetFile.memory >> 20),
    ].filter(\.1).map(\.0)
  }

  /// The bytes of pixels to hold in memory.
  ///
  /// - Throws: `Failure` of kind `usage` that names the option.
  func memory() throws -> Int {
    try OptionValues.check(imageMemory, of: "--image-memory", in: 1...1_048_576)
    return imageMemory << 20
  }

  func validate() throws { _ = try (options(), memory()) }

  /// - Throws: `Failure` of kind `usage` that names the option.
  func options() throws -> DatasetOptions {
    var options = DatasetOptions()
    options.xKey = xKey
    options.yKey = yKey
    options.yFile = yFile
    options.layout = try layout.value(of: "--layout")
    options.classesKey = classesKey
    if let resize {
      guard let size = ImageSize(resize) else {
        throw OptionValues.refused(
          "--resize", "'\(resize)' is not a size",
          "Example: --resize 224x224, or 224 for a square")
      }
      options.resize = size
    }
    options.preprocess = try preprocess?.value(of: "--preprocess")
    options.channels = channels
    options.limit = limit
    options.maxLength = maxLength
    try options.validate()
    return options
  }
}
