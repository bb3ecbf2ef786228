import Tensors

/// The steps of a layer with its effective kernel, by the kind of layer.
struct EffectiveKernel {
  /// A buffer for a kernel of `count` values between an input and an output.
  let layout: (TensorBuffer, TensorBuffer, _ count: Int) throws -> TensorBuffer
  /// From the input, the kernel and the bias to the output.
  let forward: (TensorBuffer, TensorBuffer, TensorBuffer?, TensorBuffer) throws -> Primitive
  /// From the gradient of the output and the kernel to the gradient of the input.
  let inputGradient: (TensorBuffer, TensorBuffer, TensorBuffer) throws -> Primitive
}

/// The steps of an addition to a kernel.
struct AdditionSteps {
  /// Writes the effective kernel.
  let merge: ProgramStep
  /// Adds the steps of the gradients of the addition's parameters and of the bias, given the
  /// gradient of the output.
  let addGradients: (TensorBuffer) throws -> Void
}

/// The buffers of a layer with an addition to its kernel.
struct AdaptedBuffers {
  let input, output: TensorBuffer
  /// The kernel that is not trained, in the order of the files.
  let frozen: TensorBuffer
  /// The kernel that the layer computes with.
  let effective: TensorBuffer
  let bias: ParameterStore.Entry?
}

/// The step that computes an effective kernel, in the order of the files.
///
/// A class because it keeps what its first run has made: working memory has a place only then.
final class KernelMerging {
  private let factors: [TensorBuffer]
  private let effective: TensorBuffer
  private let memory: WorkingMemory
  private let merge: ([TensorBuffer]) -> Void
  private var unpacking: [Primitive] = []
  private var packing: Primitive?

  /// - Parameters:
  ///   - factors: the parameters of the addition.
  ///   - merge: computes the kernel; receives the factors and room for the kernel, all in the order
  ///     of the files.
  init(
    of factors: [TensorBuffer], _ buffers: AdaptedBuffers, _ builder: ProgramBuilder,
    merge: @escaping ([TensorBuffer]) -> Void
  ) {
    self.factors = factors
    effective = buffers.effective
    memory = builder.workingMemory(factors.map(\.count) + [buffers.frozen.count])
    self.merge = merge
  }

  func run() throws {
    let parts = memory.parts
    let packing = try packing ?? prepare(parts)
    for primitive in unpacking { try primitive.run() }
    merge(parts)
    try packing.run()
  }

  private func prepare(_ parts: [TensorBuffer]) throws -> Primitive {
    unpacking = try zip(factors, parts).map { try Primitive.unpack($0, into: $1) }
    let primitive = try Primitive.pack(parts[factors.count], into: effective)
    packing = primitive
    return primitive
  }
}

extension TrainingContext {
  /// Adds the steps of a layer with an addition to its kernel.
  ///
  /// Every step computes the effective kernel first, and then runs like the plain layer, so that no
  /// activations are kept in addition to its input. The operations of the effective kernel, which
  /// do not depend on the batch, are not counted.
  ///
  /// - Parameter addition: requests the parameters of the addition and returns its steps.
  func compile(
    _ kernel: EffectiveKernel, hasBias: Bool,
    addition: (AdaptedBuffers) throws -> AdditionSteps
  ) throws -> CompiledLayer {
    let (input, output) = (input, try makeOutput())
    let frozen = try vectorParameter("kernel", count: count(of: "kernel")).value
    let bias = hasBias ? try vectorParameter("bias", count: node.outputShape.channels) : nil
    let effective = try store.derived(ParameterName(layer: node.name, role: "kernel")) {
      try kernel.layout(input, output, frozen.count)
    }
    try effective.pack(frozen.unpack())
    let steps = try addition(
      AdaptedBuffers(
        input: input, output: output, frozen: frozen, effective: effective, bias: bias))
    builder.addForward(steps.merge)
    builder.addForward(
      try kernel.forward(input, effective, bias?.value, output), multiplyAdds: node.multiplyAdds)
    return CompiledLayer(output: output, keeping: [input]) { outputGradient in
      try steps.addGradients(outputGradient)
      guard wantsGradient[0] else { return [nil] }
      let inputGradient = try makeInputGradient()
      builder.addBackward(
        try kernel.inputGradient(outputGradient, effective, inputGradient),
        multiplyAdds: node.multiplyAdds)
      return [inputGradient]
    }
  }

  /// Number of values of a parameter of the layer; 0 for a parameter that it does not have.
  func count(of role: String) -> Int { node.parameters.first { $0.role == role }?.count ?? 0 }
}

extension Conv2D {
  /// The steps of the convolution with an effective kernel.
  func effectiveKernel(over shape: ImageShape) -> EffectiveKernel {
    let window = window(over: shape)
    return EffectiveKernel(
      layout: { input, output, count in
        try TensorBuffer.convolutionKernel(from: input, to: output, window: window, count: count)
      },
      forward: { input, kernel, bias, output in
        try Primitive.convolution(
          input, kernel: kernel, bias: bias, to: output, window: window, phase: .training)
      },
      inputGradient: { outputGradient, kernel, inputGradient in
        try Primitive.convolutionInputGradient(
          of: outputGradient, kernel: kernel, to: inputGradient, window: window,
          kernelChanges: true)
      })
  }
}
