import HDF5

extension Workspace {
  /// Images of two classes: bright on the left, or on the right.
  ///
  /// - Parameters:
  ///   - side: the height and width of an image.
  ///   - labels: the label of every image (default: which side is bright).
  ///   - noise: every how many images has its bright side swapped; 0 for none.
  func writeSides(
    to name: String, count: Int = 60, side: Int = 16, noise: Int = 0,
    labels: ((Int) -> Int)? = nil
  ) throws {
    let file = try HDF5File.create(path(name))
    var bytes: [UInt8] = []
    for image in 0..<count {
      let isSwapped = noise > 0 && image % noise == 0
      for pixel in 0..<side * side {
        let isLeft = pixel % side < side / 2
        let isBright = (isLeft == (image % 2 == 0)) != isSwapped
        bytes.append(isBright ? UInt8(190 + (image * 7 + pixel * 3) % 60) : UInt8(image * 5 % 40))
      }
    }
    try file.root.write(bytes, shape: [count, side, side, 1], to: "images")
    try file.root.write(
      (0..<count).map { labels?($0) ?? ($0 % 2) }, shape: [count], to: "labels")
    try file.close()
  }
}
