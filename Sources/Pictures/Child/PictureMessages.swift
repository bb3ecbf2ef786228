import HDF5
import Records
import TaskData

/// A request to decode a file, whose bytes follow.
struct PictureRequest {
  static let headerBytes = 6 * 8

  let cpuSeconds: Int
  let form: PictureForm
  let fileBytes: Int

  init(cpuSeconds: Int, form: PictureForm, fileBytes: Int) {
    self.cpuSeconds = cpuSeconds
    self.form = form
    self.fileBytes = fileBytes
  }

  var message: [UInt8] {
    var writer = MessageWriter()
    writer.append(cpuSeconds)
    writer.append(form.size.height)
    writer.append(form.size.width)
    writer.append(form.channels)
    writer.append(PictureForm.Fit.allCases.firstIndex(of: form.fit) ?? 0)
    writer.append(fileBytes)
    return writer.bytes
  }

  init(message: [UInt8]) throws {
    var reader = MessageReader(message)
    cpuSeconds = try reader.number()
    let size = ImageSize(height: try reader.number(), width: try reader.number())
    let channels = try reader.number()
    let fits = PictureForm.Fit.allCases
    let fit = fits[min(try reader.number(), fits.count - 1)]
    form = try PictureForm(size: size, fit: fit, channels: channels)
    fileBytes = try reader.number()
  }
}

/// The answer: a byte and the length of what follows, either the number of the changes and the
/// pixels, or the reason why the picture is broken.
struct PictureAnswer {
  static let headerBytes = 9
  /// The most bytes of a reason.
  static let longestReason = 4096
  static let changesBytes = 8

  /// What is sent before the pixels.
  let start: [UInt8]
  /// Empty if the picture is broken.
  let pixels: [UInt8]

  init(_ result: Result<PreparedPicture, BrokenPicture>) {
    var message = MessageWriter()
    switch result {
    case .success(let picture):
      message.append(UInt8(0))
      message.append(Self.changesBytes + picture.pixels.count)
      message.append(picture.changes.rawValue)
      (start, pixels) = (message.bytes, picture.pixels)
    case .failure(let broken):
      let reason = Array(broken.reason.utf8.prefix(Self.longestReason))
      message.append(UInt8(1))
      message.append(reason.count)
      (start, pixels) = (message.bytes + reason, [])
    }
  }
}
