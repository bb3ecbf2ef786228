package import Tensors

/// One vector per example, in storage order: `[batch, height × width × channels]`.
package struct Flatten: Layer, Hashable {
  package init() {}

  package var kerasClass: String { "Flatten" }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    guard inputs.count == 1 else { return nil }
    return ImageShape(height: 1, width: 1, channels: inputs[0].count)
  }

  package func compile(_ context: TrainingContext) throws -> CompiledLayer {
    try context.compileView()
  }

  package func compile(_ context: InferenceContext) throws -> TensorBuffer {
    try context.compileView()
  }
}
