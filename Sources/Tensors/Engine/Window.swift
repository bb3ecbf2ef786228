import COneDNN

/// A window that slides over the height and width of activations, with zero padding around them.
package struct Window: Sendable, Hashable {
  package var kernelHeight, kernelWidth: Int
  package var strideHeight, strideWidth: Int
  package var padTop, padLeft, padBottom, padRight: Int
  /// Distance between the pixels that adjacent kernel elements read.
  package var dilationHeight, dilationWidth: Int
  /// Number of parts into which a convolution splits the channels; each reads its own part of the
  /// input.
  package var groups: Int

  /// Creates a window without padding: only complete windows count.
  package init(
    kernelHeight: Int, kernelWidth: Int, strideHeight: Int = 1, strideWidth: Int = 1,
    dilationHeight: Int = 1, dilationWidth: Int = 1, groups: Int = 1
  ) {
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.strideHeight = strideHeight
    self.strideWidth = strideWidth
    self.dilationHeight = dilationHeight
    self.dilationWidth = dilationWidth
    self.groups = groups
    (padTop, padLeft, padBottom, padRight) = (0, 0, 0, 0)
  }

  /// Number of rows that the kernel covers, including the gaps of the dilation.
  private var reachHeight: Int { (kernelHeight - 1) * dilationHeight + 1 }
  private var reachWidth: Int { (kernelWidth - 1) * dilationWidth + 1 }

  /// The window with padding such that the output has ceil(input / stride) positions; an odd row or
  /// column of zeros is at the bottom or right, as with `padding="same"` in TensorFlow and Keras.
  package func samePadded(over shape: ImageShape) -> Window {
    func padding(_ size: Int, _ reach: Int, _ stride: Int) -> Int {
      max(((size + stride - 1) / stride - 1) * stride + reach - size, 0)
    }
    let vertical = padding(shape.height, reachHeight, strideHeight)
    let horizontal = padding(shape.width, reachWidth, strideWidth)
    return padded(
      top: vertical / 2, left: horizontal / 2, bottom: vertical - vertical / 2,
      right: horizontal - horizontal / 2)
  }

  package func padded(top: Int, left: Int, bottom: Int, right: Int) -> Window {
    var window = self
    (window.padTop, window.padLeft, window.padBottom, window.padRight) = (top, left, bottom, right)
    return window
  }

  /// A square window with "same" padding.
  package static func same(kernel: Int, stride: Int, over shape: ImageShape) -> Window {
    Window(kernelHeight: kernel, kernelWidth: kernel, strideHeight: stride, strideWidth: stride)
      .samePadded(over: shape)
  }

  /// A window without padding: only complete windows count.
  package static func valid(height: Int, width: Int, stride: Int) -> Window {
    Window(kernelHeight: height, kernelWidth: width, strideHeight: stride, strideWidth: stride)
  }

  /// The shape of the output; a dimension is 0 if the window does not fit.
  package func output(over shape: ImageShape, channels: Int) -> ImageShape {
    func positions(_ room: Int, _ stride: Int) -> Int { room < 0 ? 0 : room / stride + 1 }
    return ImageShape(
      height: positions(shape.height + padTop + padBottom - reachHeight, strideHeight),
      width: positions(shape.width + padLeft + padRight - reachWidth, strideWidth),
      channels: channels)
  }

  var c: onednn_window {
    onednn_window(
      kernel_height: Int64(kernelHeight), kernel_width: Int64(kernelWidth),
      stride_height: Int64(strideHeight), stride_width: Int64(strideWidth),
      pad_top: Int64(padTop), pad_left: Int64(padLeft), pad_bottom: Int64(padBottom),
      pad_right: Int64(padRight), dilation_height: Int64(dilationHeight),
      dilation_width: Int64(dilationWidth), groups: Int64(groups))
  }
}
