package import Records

/// How to read a labelled set that another tool wrote; the defaults suit most files.
package struct DatasetOptions: Sendable, Hashable {
  /// Path of the images inside the file; `nil` to find them by their name.
  package var xKey: String?
  /// Path of the labels inside their file; `nil` to find them by their name.
  package var yKey: String?
  /// The file of the labels; `nil` if it is the file of the images.
  package var yFile: String?
  package var layout = ImageLayout.auto
  /// Path of the dataset, or name of the attribute, that holds the class names; `nil` to find it by
  /// its name.
  package var classesKey: String?
  /// The size to which every image is resized, bilinearly and with antialiasing; `nil` keeps sizes.
  package var resize: ImageSize?
  /// The preprocessing of pixels, which are taken as 0...255; `nil` divides bytes by 255 and keeps
  /// floats.
  package var preprocess: Preprocessing?
  /// The input of the network that the images are for: other shapes are refused, plain bytes keep
  /// 0...255 if the network scales them itself, and other pixels that do not fit are noted.
  package var expected: ExpectedInput?
  /// The tokens that the network reads for which the set is; `nil` to read images.
  package var tokens: TokenInput?
  /// The most places of a text; further tokens are left out (default: no limit but that of the
  /// network).
  package var maxLength: Int?
  /// The number of channels that images have after reading: 3 turns grayscale images into color
  /// images.
  package var channels: Int?
  /// The most examples of each part to use; the classes keep their proportions.
  package var limit: Int?

  package init() {}

  /// - Throws: `Failure` of kind `usage` that names the property and an example.
  package func validate() throws(Failure) {
    for (option, key) in [("`xKey`", xKey), ("`yKey`", yKey), ("`classesKey`", classesKey)] {
      guard let key, key.split(separator: "/").isEmpty else { continue }
      throw refused(option, "'\(key)' names no dataset", "\(option) = train/x")
    }
    if let yFile, yFile.isEmpty {
      throw refused("`yFile`", "the name of the file is empty", "`yFile` = labels.h5")
    }
    if let resize, !(1...4096).contains(resize.height) || !(1...4096).contains(resize.width) {
      throw refused(
        "`resize`", "\(resize.height)×\(resize.width) is not within 1...4096", "`resize` = 224x224")
    }
    if let channels, ![1, 3, 4].contains(channels) {
      throw refused(
        "`channels`", "images have 1, 3 or 4 channels, not \(channels)", "`channels` = 3")
    }
    if let maxLength, !(1...65_536).contains(maxLength) {
      throw refused("`maxLength`", "\(maxLength) is not within 1...65536", "`maxLength` = 128")
    }
    if let limit, limit < 2 {
      throw refused(
        "`limit`", "\(limit) examples are too few to tell classes apart", "`limit` = 100")
    }
  }

  private func refused(_ option: String, _ reason: String, _ example: String) -> Failure {
    Failure(.usage, "cannot use", on: option, because: reason, remedy: "Example: \(example)")
  }
}
