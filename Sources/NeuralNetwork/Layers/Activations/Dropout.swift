import Records
package import Tensors

/// Sets a random fraction of the values to zero in training and scales the others up.
///
/// The expected value does not change; in inference the layer has no effect. Srivastava et al.
/// 2014.
package struct Dropout: Layer, Hashable {
  /// Fraction of the values that are dropped, in 0..<1.
  package let rate: Float
  /// Whether all values of an example share one draw, as with Keras' `noise_shape=(None, 1, 1, 1)`.
  ///
  /// Stochastic depth: Huang et al. 2016.
  package let perExample: Bool

  package init(rate: Float, perExample: Bool = false) {
    self.rate = rate
    self.perExample = perExample
  }

  package var kerasClass: String { "Dropout" }
  package var isStochastic: Bool { rate > 0 }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    inputs.count == 1 && (0..<1).contains(rate) ? inputs[0] : nil
  }

  package func compile(_ context: TrainingContext) throws -> CompiledLayer {
    let output = try context.makeOutput()
    let mask = try context.makeOutput()
    let layerSeed = context.randomness.seed ^ ContentDigest.seed("dropout", context.node.name)
    let (rate, randomness, input) = (rate, context.randomness, context.input)
    let share = perExample ? context.inputShape.count : 1
    context.builder.addForward {
      var generator = CounterGenerator(seed: layerSeed, stream: randomness.step)
      mask.withStorage { values in
        for start in stride(from: 0, to: values.count, by: share) {
          let factor: Float = generator.uniform() < rate ? 0 : 1 / (1 - rate)
          for i in start..<start + share { values[i] = factor }
        }
      }
      VectorKernels.multiply(input, by: mask, to: output)
    }
    return CompiledLayer(output: output) { outputGradient in
      guard context.wantsGradient[0] else { return [nil] }
      let inputGradient = try context.makeInputGradient()
      context.builder.addBackward {
        VectorKernels.multiply(outputGradient, by: mask, to: inputGradient)
      }
      return [inputGradient]
    }
  }

  package func compile(_ context: InferenceContext) throws -> TensorBuffer { context.input }
}
