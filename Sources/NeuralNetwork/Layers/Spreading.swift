import Tensors

// What sums and products share: inputs of different shapes, where an axis of length 1 is spread over
// that of the others.

extension ImageShape {
  /// The shape that inputs have together; `nil` where they do not fit.
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
  /// A new buffer for what this and another operand make together.
  func combined(
    with other: SpreadKernels.Operand, _ builder: ProgramBuilder
  ) throws -> SpreadKernels.Operand {
    let shape = ImageShape.spread([self.shape, other.shape]) ?? self.shape
    return SpreadKernels.Operand(try builder.activations(shape), shape)
  }
}

extension TrainingSite {
  var operands: [SpreadKernels.Operand] { zip(inputs, inputShapes).map(SpreadKernels.Operand.init) }
}

extension InferenceSite {
  var operands: [SpreadKernels.Operand] { zip(inputs, inputShapes).map(SpreadKernels.Operand.init) }
}
