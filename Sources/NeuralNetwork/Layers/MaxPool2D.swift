package import Tensors

/// The largest value of each non-overlapping `size`×`size` window, per channel.
///
/// Output `[batch, height / size, width / size, channels]`, rounded down: rows and columns that do
/// not fill a window are dropped, as with Keras' `padding="valid"`.
package struct MaxPool2D: Layer {
  package let size: Int

  package init(size: Int = 2) { self.size = size }

  package var kerasClass: String { "MaxPooling2D" }

  private var window: Window { .valid(height: size, width: size, stride: size) }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    guard inputs.count == 1, inputs[0].height >= size, inputs[0].width >= size else { return nil }
    return window.output(over: inputs[0], channels: inputs[0].channels)
  }

  package func compile(_ site: TrainingSite) throws -> CompiledLayer {
    try site.compilePooling(.maximum, window)
  }

  package func compile(_ site: InferenceSite) throws -> TensorBuffer {
    try site.compilePooling(.maximum, window)
  }
}
