package import Tensors

/// An image without its outermost rows and columns, as Keras' `Cropping2D`.
package struct Cropping2D: Layer, Hashable {
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

  package var kerasClass: String { "Cropping2D" }

  /// The output shape; `nil` if nothing would be left.
  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    let sides = [top, left, bottom, right]
    guard inputs.count == 1, sides.allSatisfy({ (0...SizeLimit.padding).contains($0) }),
      top + bottom < inputs[0].height, left + right < inputs[0].width
    else { return nil }
    return ImageShape(
      height: inputs[0].height - top - bottom, width: inputs[0].width - left - right,
      channels: inputs[0].channels)
  }

  package func compile(_ context: TrainingContext) throws -> CompiledLayer {
    try context.compileMargins(top: top, left: left, adds: false)
  }

  package func compile(_ context: InferenceContext) throws -> TensorBuffer {
    try context.compileMargins(top: top, left: left, adds: false)
  }
}
