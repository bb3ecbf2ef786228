import CHDF5
import Foundation

/// Files that are bytes in memory, such as the member of an archive.
extension HDF5File {
  /// Opens a file that lies in memory for reading.
  ///
  /// - Parameters:
  ///   - image: The bytes of the whole file; the library keeps a copy of its own.
  ///   - name: What errors call the file.
  ///   - access: Who reads the file, as in `open(_:by:)`.
  /// - Throws: `notHDF5` where the bytes are something else, `damaged` where they begin as HDF5 but
  ///   cannot be opened.
  package static func open(
    image: [UInt8], named name: String, by access: FileAccess = .thisProcess
  ) throws(HDF5Error) -> HDF5File {
    let door = Door(file: name, object: nil)
    let operation = "open the file"
    guard image.starts(with: signature) else {
      throw door.error(.notHDF5, operation, "it does not begin as HDF5 does")
    }
    if case .child(let program) = access {
      // The reader's own copy, and two of the library's.
      let reader = try ReaderClient(program, extraBytes: 3 * image.count, door)
      try reader.open(image: image, named: name, door, operation)
      return HDF5File(path: name, reader: reader)
    }
    let access = try door.fileAccess()
    try door.readFromMemory(image, access)
    let handle = try door.open(operation, .damaged, closedBy: H5Fclose) {
      H5Fopen(uniqueName(), ch5_read_only(), access.id)
    }
    return HDF5File(path: name, handle: handle, output: nil)
  }

  /// The bytes of a file that `body` fills and that never touches the disk.
  package static func image(
    named name: String, _ body: (HDF5Group) throws -> Void
  ) throws -> [UInt8] {
    let door = Door(file: name, object: nil)
    let creation = try door.fileCreation()
    let access = try door.fileAccess()
    try door.keepInMemory(access)
    let handle = try door.open("create the file", .cannotCreate, closedBy: H5Fclose) {
      H5Fcreate(uniqueName(), ch5_truncate(), creation.id, access.id)
    }
    let file = HDF5File(path: name, handle: handle, output: nil)
    defer { _ = handle.release() }
    try body(file.root)
    return try door.image(of: handle.id)
  }

  /// The library never looks for the name of a file in memory, but tells open files by it.
  private static func uniqueName() -> String { "memory-\(UUID().uuidString)" }

  /// The first bytes of every file without a user block.
  private static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
}
