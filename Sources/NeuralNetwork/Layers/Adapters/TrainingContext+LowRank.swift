import Tensors

/// The steps of a layer with its effective kernel, by the kind of layer.
struct LowRankKernel {
  /// A buffer for a kernel of `count` values between an input and an output.
  let layout: (TensorBuffer, TensorBuffer, _ count: Int) throws -> TensorBuffer
  /// From the input, the kernel and the bias to the output.
  let forward: (TensorBuffer, TensorBuffer, TensorBuffer?, TensorBuffer) throws -> Primitive
  /// From the gradient of the output and the kernel to the gradient of the input.
  let inputGradient: (TensorBuffer, TensorBuffer, TensorBuffer) throws -> Primitive
}

extension TrainingContext {
  /// Adds the steps of a layer with a low-rank addition.
  ///
  /// Every step adds the product of the factors to the kernel first, and then runs like the plain
  /// layer, so that no activations are kept in addition to its input. The backward pass runs the
  /// input through the first factor again. The operations of the product, which does not depend on
  /// the batch, are not counted.
  ///
  /// - Parameter window: the window of the first factor.
  func compile(
    _ addition: LowRankAddition, window: Window, hasBias: Bool, kernel: LowRankKernel
  ) throws -> CompiledLayer {
    let (input, output) = (input, try makeOutput())
    let (shape, pixel) = (node.outputShape, Window(kernelHeight: 1, kernelWidth: 1))
    let narrow = ImageShape(height: shape.height, width: shape.width, channels: addition.rank)
    let sketch = try TensorBuffer.unplacedActivations(batch: builder.batch, shape: narrow)
    func count(_ role: String) -> Int {
      node.parameters.first { $0.role == role }?.count ?? 0
    }
    let frozen = try vectorParameter("kernel", count: count("kernel")).value
    let bias = hasBias ? try vectorParameter("bias", count: shape.channels) : nil
    let down = try parameter(LowRankRole.down) {
      try TensorBuffer.convolutionKernel(
        from: input, to: sketch, window: window, count: count(LowRankRole.down))
    }
    let up = try parameter(LowRankRole.up) {
      try TensorBuffer.convolutionKernel(
        from: sketch, to: output, window: pixel, count: count(LowRankRole.up))
    }
    let effective = try store.derived(ParameterName(layer: node.name, role: "kernel")) {
      try kernel.layout(input, output, frozen.count)
    }
    try effective.pack(frozen.unpack())
    let merging = KernelMerging(
      addition, frozen: frozen, down: down.value, up: up.value, effective: effective,
      memory: builder.workingMemory([down.value.count, up.value.count, frozen.count]))
    builder.addForward { try merging.run() }
    builder.addForward(
      try kernel.forward(input, effective, bias?.value, output), multiplyAdds: node.multiplyAdds)

    let upAdds = narrow.count * shape.channels
    let downAdds = narrow.count * (down.value.count / addition.rank)
    return CompiledLayer(output: output, keeping: [input]) { outputGradient in
      let inner = try builder.activations(narrow)
      if let gradient = up.gradient {
        builder.addBackward(
          try Primitive.convolution(
            input, kernel: down.value, bias: nil, to: inner, window: window, phase: .training),
          multiplyAdds: downAdds)
        builder.addBackward(
          try Primitive.convolutionParameterGradient(
            of: outputGradient, source: inner, kernelGradient: gradient,
            biasGradient: bias?.gradient, window: pixel),
          multiplyAdds: upAdds)
        builder.addBackward { VectorKernels.scale(gradient, by: addition.scale) }
      } else {
        addBiasGradient(of: outputGradient, to: bias)
      }
      if let gradient = down.gradient {
        builder.addBackward(
          try Primitive.convolutionInputGradient(
            of: outputGradient, kernel: up.value, to: inner, window: pixel, kernelChanges: true),
          multiplyAdds: upAdds)
        builder.addBackward(
          try Primitive.convolutionParameterGradient(
            of: inner, source: input, kernelGradient: gradient, biasGradient: nil,
            window: window),
          multiplyAdds: downAdds)
        builder.addBackward { VectorKernels.scale(gradient, by: addition.scale) }
      }
      guard wantsGradient[0] else { return [nil] }
      let inputGradient = try makeInputGradient()
      builder.addBackward(
        try kernel.inputGradient(outputGradient, effective, inputGradient),
        multiplyAdds: node.multiplyAdds)
      return [inputGradient]
    }
  }
}

/// The computation of an effective kernel, in the order of the files.
///
/// A class because it keeps what its first run has made: the memory has a place only then.
private final class KernelMerging {
  private let addition: LowRankAddition
  private let frozen, down, up, effective: TensorBuffer
  /// Parts for both factors and for the kernel.
  private let memory: WorkingMemory
  private var unpacking: [Primitive] = []
  private var packing: Primitive?

  init(
    _ addition: LowRankAddition, frozen: TensorBuffer, down: TensorBuffer, up: TensorBuffer,
    effective: TensorBuffer, memory: WorkingMemory
  ) {
    self.addition = addition
    self.frozen = frozen
    self.down = down
    self.up = up
    self.effective = effective
    self.memory = memory
  }

  func run() throws {
    let parts = memory.parts
    let packing = try packing ?? prepare(parts)
    for primitive in unpacking { try primitive.run() }
    LayerKernels.addProduct(
      of: parts[0], parts[1], rank: addition.rank, columns: up.count / addition.rank,
      scale: addition.scale, to: frozen, into: parts[2])
    try packing.run()
  }

  private func prepare(_ parts: [TensorBuffer]) throws -> Primitive {
    unpacking = [
      try Primitive.unpack(down, into: parts[0]), try Primitive.unpack(up, into: parts[1]),
    ]
    let primitive = try Primitive.pack(parts[2], into: effective)
    packing = primitive
    return primitive
  }
}
