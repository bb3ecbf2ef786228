import COneDNN

/// A window that slides over the height and width of activations, with zero padding around them.
package struct Window: Sendable, Hashable {
  package var kernelHeight, kernelWidth: Int
  package var strideHeight, strideWidth: Int
  package var padTop, padLeft, padBottom, padRight: Int

  /// Padding such that the output has ceil(input / stride) positions, the odd zero at the bottom
  /// and right: `padding="same"` of TensorFlow and Keras.
  package static func same(kernel: Int, stride: Int, over shape: ImageShape) -> Window {
    func padding(_ size: Int) -> Int {
      max(((size + stride - 1) / stride - 1) * stride + kernel - size, 0)
    }
    let (vertical, horizontal) = (padding(shape.height), padding(shape.width))
    return Window(
      kernelHeight: kernel, kernelWidth: kernel, strideHeight: stride, strideWidth: stride,
      padTop: vertical / 2, padLeft: horizontal / 2,
      padBottom: vertical - vertical / 2, padRight: horizontal - horizontal / 2)
  }

  /// No padding: only whole windows count.
  package static func valid(height: Int, width: Int, stride: Int) -> Window {
    Window(
      kernelHeight: height, kernelWidth: width, strideHeight: stride, strideWidth: stride,
      padTop: 0, padLeft: 0, padBottom: 0, padRight: 0)
  }

  /// The shape of the output; a size is 0 or less where the window does not fit.
  package func output(over shape: ImageShape, channels: Int) -> ImageShape {
    ImageShape(
      height: (shape.height + padTop + padBottom - kernelHeight) / strideHeight + 1,
      width: (shape.width + padLeft + padRight - kernelWidth) / strideWidth + 1,
      channels: channels)
  }

  var c: onednn_window {
    onednn_window(
      kernel_height: Int64(kernelHeight), kernel_width: Int64(kernelWidth),
      stride_height: Int64(strideHeight), stride_width: Int64(strideWidth),
      pad_top: Int64(padTop), pad_left: Int64(padLeft), pad_bottom: Int64(padBottom),
      pad_right: Int64(padRight))
  }
}
