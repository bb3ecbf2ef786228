package import HDF5
import Records

extension DatasetFile {
  /// The number of features of each example of a set of feature vectors `[count, features]`; `nil`
  /// for a set of images or texts.
  ///
  /// Only the names and shapes of the file are read.
  ///
  /// - Parameter access: which process reads the file: this one, or a child for files of others.
  /// - Throws: `Failure` that names the file, the object in it, the reason and a remedy.
  package static func featureCount(
    _ path: String, _ options: DatasetOptions = DatasetOptions(),
    by access: FileAccess = .thisProcess
  ) throws -> Int? {
    do {
      let root = try HDF5File.open(path, by: access).root
      let keys = DatasetKeys(root, labels: root, options: options)
      if options.xKey == nil, try keys.hasTokenIDs { return nil }
      let shape = try keys.required(.images).shape
      return shape.count == 2 && shape[1] > 0 ? shape[1] : nil
    } catch let error as HDF5Error {
      throw failure(error)
    }
  }
}
