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

  let message: [UInt8]

  init(_ result: Result<PreparedPicture, BrokenPicture>) {
    var (body, header) = (MessageWriter(), MessageWriter())
    switch result {
    case .success(let picture):
      body.append(picture.changes.rawValue)
      header.append(UInt8(0))
      header.append(body.bytes.count + picture.pixels.count)
      message = header.bytes + body.bytes + picture.pixels
    case .failure(let broken):
      let reason = Array(broken.reason.utf8.prefix(Self.longestReason))
      header.append(UInt8(1))
      header.append(reason.count)
      message = header.bytes + reason
    }
  }
}
