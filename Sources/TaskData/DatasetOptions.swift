package import Records

/// How to read a labelled set that was not written by tlbench, where it does not speak for itself.
package struct DatasetOptions: Sendable, Hashable {
  /// Path of the images inside the file; `nil` to find them by their name.
  package var xKey: String?
  /// Path of the labels inside their file; `nil` to find them by their name.
  package var yKey: String?
  /// Another file, which holds the labels.
  package var yFile: String?
  package var layout = ImageLayout.auto
  /// Path of the dataset, or name of the attribute, of class names; `nil` to find it by its name.
  package var classesKey: String?
  /// The size to give every image, bilinearly and antialiased.
  package var resize: ImageSize?
  /// What to do to pixels, taken as 0...255; `nil` divides bytes by 255 and leaves numbers.
  package var preprocess: Preprocessing?
  /// What the images are for: other shapes are refused, plain bytes keep 0...255 where the network
  /// scales these itself, and other pixels that do not fit are noted.
  package var expected: ExpectedInput?
  /// The number of channels to hand out: 3 makes color images of grayscale ones.
  package var channels: Int?
  /// The most examples to use, of each class in proportion.
  package var limit: Int?

  package init() {}

  /// - Throws: `Failure` of kind `usage` that names the option and an example.
  package func validate() throws(Failure) {
    for (option, key) in [("--x-key", xKey), ("--y-key", yKey), ("--classes-key", classesKey)] {
      guard let key, key.split(separator: "/").isEmpty else { continue }
      throw refused(option, "'\(key)' names no dataset", "\(option) train/x")
    }
    if let yFile, yFile.isEmpty {
      throw refused("--y-file", "the name of the file is empty", "--y-file labels.h5")
    }
    if let resize, !(1...4096).contains(resize.height) || !(1...4096).contains(resize.width) {
      throw refused(
        "--resize", "\(resize.height)×\(resize.width) is not within 1...4096", "--resize 224x224")
    }
    if let channels, ![1, 3, 4].contains(channels) {
      throw refused("--channels", "images have 1, 3 or 4 channels, not \(channels)", "--channels 3")
    }
    if let limit, limit < 2 {
      throw refused("--limit", "\(limit) examples are too few to tell classes apart", "--limit 100")
    }
  }

  private func refused(_ option: String, _ reason: String, _ example: String) -> Failure {
    Failure(.usage, "cannot use", on: option, because: reason, remedy: "Example: \(example)")
  }
}
