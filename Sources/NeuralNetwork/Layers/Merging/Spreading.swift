import Tensors

// Shared by sums and products: broadcasting of axes of length 1.

extension ImageShape {
  /// The broadcast shape of the inputs; `nil` if they do not fit together.
  static func spread(_ shapes: [ImageShape]) -> ImageShape? {
    func length(_ axis: KeyPath<ImageShape, Int>) -> Int {
      shapes.reduce(1) { max($0, $1[keyPath: axis]) }
    }
    let whole = ImageShape(
      height: length(\.height), width: length(\.width), channels: length(\.channels))
    let fits = shapes.allSatisfy {
      ($0.height == 1 || $0.height == whole.height) && ($0.width == 1 || $0.width == whole.width)
        && ($0.channels == 1 || $0.channels == whole.channels)
    }
    return fits && !shapes.isEmpty ? whole : nil
  }
}

extension SpreadKernels.Operand {
  /// A new buffer for the broadcast result of this and another operand.
  func combined(
    with other: SpreadKernels.Operand, _ builder: ProgramBuilder
  ) throws -> SpreadKernels.Operand {
    let shape = ImageShape.spread([self.shape, other.shape]) ?? self.shape
    return SpreadKernels.Operand(try builder.activations(shape), shape)
  }
}

extension TrainingContext {
  var operands: [SpreadKernels.Operand] { zip(inputs, inputShapes).map(SpreadKernels.Operand.init) }
}

extension InferenceContext {
  var operands: [SpreadKernels.Operand] { zip(inputs, inputShapes).map(SpreadKernels.Operand.init) }
}
