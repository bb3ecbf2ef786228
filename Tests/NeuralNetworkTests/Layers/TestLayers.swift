import NeuralNetwork
import Synchronization
import Tensors

/// Where a probe leaves the gradient that reached it.
final class GradientRecorder: Sendable {
  private let recorded = Mutex<[Float]?>(nil)

  var gradient: [Float]? {
    get { recorded.withLock(\.self) }
    set { recorded.withLock { $0 = newValue } }
  }
}

/// Hands its input on and records the gradient of its output.
///
/// Its one parameter makes it trainable, so that a gradient has to reach it: whatever stands above
/// must compute the gradient of its input.
struct Probe: Layer {
  let recorder: GradientRecorder
  var kerasClass: String { "Probe" }

  func outputShape(of inputs: [ImageShape]) -> ImageShape? { inputs.first }

  func parameters(for input: ImageShape) -> [ParameterSpecification] {
    [ParameterSpecification("kernel", shape: [1], startingAt: .zeros)]
  }

  func compile(_ context: TrainingContext) throws -> CompiledLayer {
    _ = try context.vectorParameter("kernel", count: 1)
    return CompiledLayer(output: context.input) { outputGradient in
      context.builder.addBackward { recorder.gradient = outputGradient.contents }
      return [nil]
    }
  }

  func compile(_ context: InferenceContext) throws -> TensorBuffer { context.input }
}

/// Hands its input on and answers with a gradient of its own choice: the function that is
/// differentiated becomes sum(slopes × input) instead of the cross-entropy.
struct Upstream: Layer {
  /// `[batch, height, width, channels]`.
  let slopes: [Float]
  var kerasClass: String { "Upstream" }

  func outputShape(of inputs: [ImageShape]) -> ImageShape? { inputs.first }

  func compile(_ context: TrainingContext) throws -> CompiledLayer {
    CompiledLayer(output: context.input) { _ in
      let gradient = try context.makeInputGradient()
      context.builder.addBackward { gradient.fill(slopes) }
      return [gradient]
    }
  }

  func compile(_ context: InferenceContext) throws -> TensorBuffer { context.input }
}

extension TensorBuffer {
  /// The memory as it lies.
  var contents: [Float] { withStorage { Array($0) } }

  func fill(_ values: [Float]) {
    withStorage { storage in
      for (i, value) in values.enumerated() { storage[i] = value }
    }
  }
}
