import Tensors

// What the two pooling layers share: they differ in the window and in what it keeps.

extension TrainingSite {
  func compilePooling(_ kind: PoolingKind, _ window: Window) throws -> CompiledLayer {
    let output = try makeOutput()
    let (forward, positions) = try Primitive.pooling(
      kind, input, to: output, window: window, phase: .training)
    builder.addForward(forward)
    if let positions { builder.counted(positions) }
    return CompiledLayer(output: output) { outputGradient in
      guard wantsGradient[0] else { return [nil] }
      let inputGradient = try makeInputGradient()
      builder.addBackward(
        try Primitive.poolingGradient(
          kind, of: outputGradient, to: inputGradient, window: window, positions: positions))
      return [inputGradient]
    }
  }
}

extension InferenceSite {
  func compilePooling(_ kind: PoolingKind, _ window: Window) throws -> TensorBuffer {
    let output = try makeOutput()
    builder.addForward(
      try Primitive.pooling(kind, input, to: output, window: window, phase: .inference).0)
    return output
  }
}
