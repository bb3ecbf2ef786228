package import HDF5
package import Records

extension PictureSet {
  /// The paths of the pictures of a set in a file, by part.
  ///
  /// Those of a set without parts are under `train`. There are none in a file that is no set of
  /// pictures.
  ///
  /// - Throws: `Failure` if the file cannot be read.
  package static func paths(
    in path: String, by access: FileAccess
  ) throws(Failure) -> [PicturePart: [String]] {
    do throws(HDF5Error) {
      let file = try HDF5File.open(path, by: access)
      guard try file.root.attributes.contains(Self.digestName),
        try file.root.attributes.contains(Self.fitName)
      else { return [:] }
      if try file.root.contains(Self.pathsName) {
        return [.train: try file.root.dataset(Self.pathsName).readStrings()]
      }
      var paths: [PicturePart: [String]] = [:]
      for part in PicturePart.allCases {
        let place = "\(part.rawValue)/\(Self.pathsName)"
        if try file.root.contains(place) {
          paths[part] = try file.root.dataset(place).readStrings()
        }
      }
      return paths
    } catch {
      throw Failure(
        reading: error, attempt: "cannot read the paths of the pictures",
        makeIt: "'tlbench pack' makes it.", layout: "It should be a set of pictures.")
    }
  }
}
