import Foundation

/// The first bytes of a file, by which formats other than HDF5 are recognized.
struct FileStart {
  private let bytes: [UInt8]
  private let isNamedSafetensors: Bool

  private static let length = 64
  /// The number that files of `torch.save` had before the zip archives of PyTorch 1.6, as the
  /// integer of a pickle.
  private static let oldMark: [UInt8] = [
    0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
  ]

  /// Reads the first bytes of a regular file; there are none of anything else, such as a pipe.
  init(_ path: String) {
    isNamedSafetensors = path.hasSuffix(".safetensors")
    guard ModelFolder.sizeOfFile(path) != nil, let handle = FileHandle(forReadingAtPath: path)
    else {
      bytes = []
      return
    }
    bytes = Array((try? handle.read(upToCount: FileStart.length)) ?? Data())
  }

  /// Whether the file is in the format of safetensors, by its first bytes or its name.
  var isSafetensors: Bool { isNamedSafetensors || SafetensorsFile.isRecognized(bytes) }

  /// Whether the file is a zip archive: a model of Keras 3 or a checkpoint of PyTorch.
  var isArchive: Bool { ZipArchive.isRecognized(bytes) }

  /// Whether the file is a checkpoint in the form of PyTorch before version 1.6: a pickle that
  /// begins with a certain number, perhaps after the length of a frame.
  var isOldCheckpoint: Bool {
    guard bytes.first == 0x80 else { return false }
    return [2, 11].contains { bytes.dropFirst($0).starts(with: FileStart.oldMark) }
  }
}
