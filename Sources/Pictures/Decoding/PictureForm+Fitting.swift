import TaskData
import Tensors

/// The same steps, in the same arithmetic, as `fit`, `pad` and `resize` of Pillow.
extension PictureForm {
  /// The picture in this form.
  ///
  /// - Parameters:
  ///   - pixels: `[height, columns, channels]`, with the channels of the form.
  ///   - columns: the columns of the picture that there are, at least those that are needed.
  func applied(
    to pixels: UnsafeBufferPointer<UInt8>, of columns: Range<Int>, height: Int, width: Int
  ) -> [UInt8] {
    let resize = resize(height: height, width: width)
    let count = resize.size.height * resize.size.width * channels
    let resized = [UInt8](unsafeUninitializedCapacity: count) { result, initialized in
      resize.apply(
        pixels, of: columns, to: UnsafeMutableBufferPointer(rebasing: result[..<count]))
      initialized = count
    }
    return padded(resized, of: resize.size)
  }

  /// The columns of a picture of which pixels become some of this form.
  func neededColumns(height: Int, width: Int) -> Range<Int> {
    // Otherwise all are.
    fit == .crop ? resize(height: height, width: width).usedColumns : 0..<width
  }

  private func resize(height: Int, width: Int) -> BilinearResize {
    let shape = ImageShape(height: height, width: width, channels: channels)
    return switch fit {
    case .stretch: BilinearResize(shape, to: size)
    case .crop: BilinearResize(shape, to: size, part: cropped(height: height, width: width))
    case .pad: BilinearResize(shape, to: contained(height: height, width: width))
    }
  }

  /// The middle of a picture with the proportions of the form.
  private func cropped(height: Int, width: Int) -> ImagePart {
    let ratio = Double(width) / Double(height)
    let wanted = Double(size.width) / Double(size.height)
    var (cropWidth, cropHeight) = (Double(width), Double(height))
    if ratio > wanted {
      cropWidth = wanted * Double(height)
    } else if ratio < wanted {
      cropHeight = Double(width) / wanted
    }
    let left = (Double(width) - cropWidth) * 0.5
    let top = (Double(height) - cropHeight) * 0.5
    return ImagePart(
      columns: Float(left)..<Float(left + cropWidth), rows: Float(top)..<Float(top + cropHeight))
  }

  /// The size of the whole picture within the form.
  private func contained(height: Int, width: Int) -> ImageSize {
    let ratio = Double(width) / Double(height)
    let wanted = Double(size.width) / Double(size.height)
    func rounded(_ side: Double) -> Int { max(1, Int(side.rounded(.toNearestOrEven))) }
    if ratio > wanted {
      let side = rounded(Double(height) / Double(width) * Double(size.width))
      return ImageSize(height: side, width: size.width)
    }
    if ratio < wanted {
      return ImageSize(height: size.height, width: rounded(ratio * Double(size.height)))
    }
    return size
  }

  /// The picture in the middle of a black one.
  private func padded(_ pixels: [UInt8], of inner: ImageSize) -> [UInt8] {
    guard inner != size else { return pixels }
    func start(_ whole: Int, _ part: Int) -> Int {
      Int((Double(whole - part) * 0.5).rounded(.toNearestOrEven))
    }
    let (top, left) = (start(size.height, inner.height), start(size.width, inner.width))
    var result = [UInt8](repeating: 0, count: count)
    let length = inner.width * channels
    for row in 0..<inner.height {
      let target = ((top + row) * size.width + left) * channels
      result.replaceSubrange(
        target..<target + length, with: pixels[row * length..<(row + 1) * length])
    }
    return result
  }
}
