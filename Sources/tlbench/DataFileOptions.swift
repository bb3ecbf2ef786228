import ArgumentParser
import Records
import TaskData

/// How to read a labelled set in HDF5 that another tool wrote.
struct DataFileOptions: ParsableArguments {
  @Option(
    help: """
      Path of the images in the file; by default x, data, images, features, train_set_x, X_train or \
      the like, in the root or in train/, whatever the case.
      """)
  var xKey: String?

  @Option(
    help: "Path of the labels; by default y, label(s), target(s), train_set_y, y_train or the like."
  )
  var yKey: String?

  @Option(help: "File of the labels, where it is another one.")
  var yFile: String?

  @Option(
    help: """
      Where the channels of images are: nhwc (last), nchw (first) or auto (the axis of 1, 3 or 4).
      """)
  var layout = ImageLayout.auto.rawValue

  @Option(
    help: """
      Dataset or attribute of the class names; by default class_names, list_classes or classes, and \
      the numbers themselves where there is none.
      """)
  var classesKey: String?

  @Option(help: "Size to give the images, such as 224x160 (height x width) or 224; bilinear.")
  var resize: String?

  @Option(
    help: """
      What the network expects of pixels, with Keras' meanings: none, unit (/255), tf (/127.5 - 1), \
      torch (/255, ImageNet's mean and deviation) or caffe (blue first, minus ImageNet's mean). \
      Applied to values in 0...255: stored bytes, whatever their scale attributes, or floats of \
      that range; other floats are refused. By default bytes are divided by 255 (or scaled by \
      their attributes), except for a network whose first layers scale 0...255 themselves, such \
      as Rescaling, and floats are left alone; a network that tlbench trained gets what it was \
      trained on.
      """)
  var preprocess: String?

  @Option(
    parsing: .unconditional,
    help: "Channels that the network expects; 3 makes color images of grayscale ones.")
  var channels: Int?

  @Option(
    parsing: .unconditional, help: "The most examples to use, of every class in proportion.")
  var limit: Int?

  @Option(
    parsing: .unconditional,
    help: """
      MiB of pixels to hold in memory of each part of the set; a larger part is read from the file \
      in blocks, which costs most where training takes images in random order.
      """)
  var imageMemory = DatasetFile.memory >> 20

  /// The options that were given, for commands in which they may have nothing to act on.
  var given: [String] {
    [
      ("--x-key", xKey != nil), ("--y-key", yKey != nil), ("--y-file", yFile != nil),
      ("--layout", layout != ImageLayout.auto.rawValue), ("--classes-key", classesKey != nil),
      ("--resize", resize != nil), ("--preprocess", preprocess != nil),
      ("--channels", channels != nil), ("--limit", limit != nil),
      ("--image-memory", imageMemory != DatasetFile.memory >> 20),
    ].filter(\.1).map(\.0)
  }

  /// Bytes of pixels to hold in memory.
  ///
  /// - Throws: `Failure` of kind `usage` that names the option.
  func memory() throws -> Int {
    try OptionValues.check(imageMemory, of: "--image-memory", in: 1...1_048_576)
    return imageMemory << 20
  }

  /// - Throws: `Failure` of kind `usage` that names the option.
  func options() throws -> DatasetOptions {
    var options = DatasetOptions()
    options.xKey = xKey
    options.yKey = yKey
    options.yFile = yFile
    options.layout = try OptionValues.oneOf(ImageLayout.allCases, layout, option: "--layout")
    options.classesKey = classesKey
    if let resize {
      guard let size = ImageSize(resize) else {
        throw OptionValues.refused(
          "--resize", "'\(resize)' is no size", "Example: --resize 224x224, or 224 for a square")
      }
      options.resize = size
    }
    options.preprocess = try preprocess.map {
      try OptionValues.oneOf(Preprocessing.allCases, $0, option: "--preprocess")
    }
    options.channels = channels
    options.limit = limit
    try options.validate()
    return options
  }
}
