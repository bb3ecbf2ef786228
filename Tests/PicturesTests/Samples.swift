import Foundation
import HDF5
import Pictures
import TaskData
import TestSupport

/// The pictures of Fixtures/make_pictures.py, and what Pillow makes of them.
enum Sample {
  static let folder = Bundle.module.bundleURL.appending(path: "Fixtures")

  static let names: [String] =
    (try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/pictures"))?.sorted()
    ?? []

  static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appending(path: "pictures/\(name)")))
  }

  static func expected() throws -> HDF5Group {
    try HDF5File.open(folder.path + "/expected.h5").root
  }

  /// RGB pictures of 5 rows of 6 pixels.
  static func form(
    _ height: Int = 5, _ width: Int = 6, _ fit: PictureForm.Fit = .crop, channels: Int = 3
  ) throws -> PictureForm {
    try PictureForm(size: ImageSize(height: height, width: width), fit: fit, channels: channels)
  }
}

/// A folder of pictures that a test fills.
struct PhotoFolder {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  var path: String { folder.path("photos") }
  var output: String { folder.path("photos.h5") }

  /// Two classes: `a` with two pictures, and `b` with one.
  static func ofTwoClasses() throws -> PhotoFolder {
    let photos = try PhotoFolder()
    try photos.add("rgb.png", as: "b/1.png")
    try photos.add("rgb.jpg", as: "a/2.jpg")
    try photos.add("gray.png", as: "a/1.png")
    return photos
  }

  /// Copies a fixture.
  func add(_ sample: String, as name: String) throws {
    try add(Sample.bytes(sample), as: name)
  }

  func add(_ bytes: [UInt8], as name: String) throws {
    let url = URL(filePath: path).appending(path: name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  /// Writes the set of the folder, decoded in this process.
  func pack(
    isLabeled: Bool = true, form: PictureForm? = nil, jobs: Int = 2, skipsBroken: Bool = false,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> PictureSet.Outcome {
    let list = try PictureFolder.list(path, isLabeled: isLabeled)
    return try PictureSet(list, form: form ?? Sample.form(), skipsBroken: skipsBroken)
      .write(
        to: output, by: .thisProcess, jobs: jobs, isCancelled: isCancelled, observe: { _ in })
  }
}
