package import Tensors

/// Rows and columns of zeros around an image, as Keras' `ZeroPadding2D`.
package struct ZeroPadding2D: Layer, Hashable {
  package let top: Int
  package let left: Int
  package let bottom: Int
  package let right: Int

  package init(top: Int, left: Int, bottom: Int, right: Int) {
    self.top = top
    self.left = left
    self.bottom = bottom
    self.right = right
  }

  package var kerasClass: String { "ZeroPadding2D" }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    let padding = Padding.explicit(top: top, left: left, bottom: bottom, right: right)
    guard inputs.count == 1, padding.isValid else { return nil }
    return ImageShape(
      height: inputs[0].height + top + bottom, width: inputs[0].width + left + right,
      channels: inputs[0].channels)
  }

  package func compile(_ context: TrainingContext) throws -> CompiledLayer {
    try context.compileMargins(top: top, left: left, adds: true)
  }

  package func compile(_ context: InferenceContext) throws -> TensorBuffer {
    try context.compileMargins(top: top, left: left, adds: true)
  }
}
