package import Tensors

/// An activation function, as Keras' `Activation` and the Keras layers named after a function.
///
/// The formulas and defaults are those of Keras 3.
package struct Activation: ActivationLayer, Hashable {
  package enum Function: Sendable, Hashable {
    case linear
    /// x above the threshold, but at most the maximum; negativeSlope × (x - threshold) below the
    /// threshold.
    case relu(maximum: Float?, negativeSlope: Float, threshold: Float)
    /// x above zero, slope × x below.
    case leakyReLU(slope: Float)
    /// x above zero, alpha (exp(x) - 1) below.
    case elu(alpha: Float)
    case selu
    case sigmoid, tanh, exponential
    /// x × sigmoid(x), also called SiLU.
    case swish
    /// x × Φ(x) with the distribution function Φ of the standard normal distribution, or its
    /// approximation by a hyperbolic tangent.
    case gelu(approximate: Bool)
    /// x × hardSigmoid(x), also called hard SiLU.
    case hardSwish
    /// clip(x / 6 + 1 / 2, 0, 1).
    case hardSigmoid
    /// log(1 + exp(x)).
    case softplus
    /// x / (1 + |x|).
    case softsign
    /// x × tanh(softplus(x)).
    case mish
    /// exp(x) / sum(exp(x)) over the channels of each pixel.
    case softmax
  }

  package let function: Function

  package init(_ function: Function) { self.function = function }

  package var kerasClass: String { "Activation" }

  private enum Computation {
    case nothing
    case elementwise(Elementwise)
    case plain(PlainFunction)
    case softmax
  }

  private var computation: Computation {
    switch function {
    case .linear: .nothing
    case .relu(nil, let slope, 0): .elementwise(.relu(slope: slope))
    case .relu(let maximum?, 0, 0): .elementwise(.clip(lower: 0, upper: maximum))
    case .relu(let maximum, let slope, let threshold):
      .plain(
        .boundedReLU(threshold: threshold, maximum: maximum ?? .infinity, slope: slope))
    case .leakyReLU(let slope): .elementwise(.relu(slope: slope))
    case .elu(let alpha): .elementwise(.elu(alpha: alpha))
    case .selu: .plain(.selu)
    case .sigmoid: .elementwise(.sigmoid)
    case .tanh: .elementwise(.tanh)
    case .exponential: .elementwise(.exponential)
    case .swish: .elementwise(.swish)
    case .gelu(let approximate): .elementwise(approximate ? .approximateGELU : .gelu)
    case .hardSwish: .elementwise(.hardSwish)
    case .hardSigmoid: .plain(.hardSigmoid)
    case .softplus: .elementwise(.softplus)
    case .softsign: .plain(.softsign)
    case .mish: .elementwise(.mish)
    case .softmax: .softmax
    }
  }

  var elementwise: Elementwise? {
    guard case .elementwise(let function) = computation else { return nil }
    return function
  }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    inputs.count == 1 ? inputs[0] : nil
  }

  package func compile(_ context: TrainingContext) throws -> CompiledLayer {
    switch computation {
    case .nothing:
      return CompiledLayer(output: context.input, keeping: []) {
        [context.wantsGradient[0] ? $0 : nil]
      }
    case .elementwise(let function): return try context.compileElementwise(function)
    case .plain(let function):
      let (output, input) = (try context.makeOutput(), context.input)
      context.builder.addForward { function.apply(to: input, into: output) }
      return CompiledLayer(output: output) { outputGradient in
        guard context.wantsGradient[0] else { return [nil] }
        let inputGradient = try context.makeInputGradient()
        context.builder.addBackward {
          function.gradient(of: outputGradient, source: input, to: inputGradient)
        }
        return [inputGradient]
      }
    case .softmax: return try context.compileSoftmax()
    }
  }

  package func compile(_ context: InferenceContext) throws -> TensorBuffer {
    let input = context.input
    switch computation {
    case .nothing: return input
    case .elementwise(let function): return try context.compileElementwise(function)
    case .plain(let function):
      let output = try context.makeOutput()
      context.builder.addForward { function.apply(to: input, into: output) }
      return output
    case .softmax:
      let (output, channels) = (try context.makeOutput(), context.inputShape.channels)
      context.builder.addForward { ChannelKernels.softmax(input, channels: channels, to: output) }
      return output
    }
  }
}

extension TrainingContext {
  fileprivate func compileSoftmax() throws -> CompiledLayer {
    let (output, input, channels) = (try makeOutput(), input, inputShape.channels)
    builder.addForward { ChannelKernels.softmax(input, channels: channels, to: output) }
    return CompiledLayer(output: output) { outputGradient in
      guard wantsGradient[0] else { return [nil] }
      let inputGradient = try makeInputGradient()
      builder.addBackward {
        ChannelKernels.softmaxGradient(
          of: outputGradient, softmax: output, channels: channels, to: inputGradient)
      }
      return [inputGradient]
    }
  }
}
