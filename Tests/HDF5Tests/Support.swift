import Foundation
import HDF5
import TestSupport

enum Fixture {
  static func path(_ name: String) -> String {
    Bundle.module.bundleURL.appending(path: "Fixtures").appending(path: name).path
  }

  static func open(_ name: String = "h5py.h5") throws(HDF5Error) -> HDF5Group {
    try HDF5File.open(path(name)).root
  }
}

/// Writes a file with `write`, closes it, and opens it for reading.
func reopened(
  in folder: TemporaryFolder, _ write: (HDF5Group) throws -> Void
) throws -> HDF5Group {
  let path = folder.path("test.h5")
  let file = try HDF5File.create(path)
  try write(file.root)
  try file.close()
  return try HDF5File.open(path).root
}

/// The error that `body` throws, or `nil`.
func errorThrown(by body: () throws(HDF5Error) -> Void) -> HDF5Error? {
  do throws(HDF5Error) {
    try body()
    return nil
  } catch {
    return error
  }
}
