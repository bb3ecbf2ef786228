import Tensors

/// Factors on the learning rates of layers by the relative norms of their gradients: Auto-RGN, Lee,
/// Chen, Tajwar, Kumar, Yao, Liang and Finn, "Surgical Fine-Tuning Improves Adaptation to
/// Distribution Shifts", ICLR 2023.
///
/// A layer's ratio is the norm of the gradient of all its trained parameters divided by the norm of
/// these parameters, and its factor is the ratio divided by the largest of all layers. The authors'
/// code averages the ratios over five batches before each epoch; here they are means over the steps
/// of the epoch so far, the present one included, which takes no further passes.
///
/// The ratio of a layer whose weights are all zero is not defined; the authors' code divides by
/// zero. Here a layer that begins an epoch so takes part with the largest ratio of the other layers
/// at each step of it: it is trained at most at the full rate, and slows no other layer down. From
/// the next epoch on it has a ratio of its own.
struct GradientRates {
  private let layers: [String: [ParameterStore.Entry]]
  /// The sums of the ratios over the steps of the epoch.
  private var sums: [String: Double] = [:]
  /// The factors of the present step.
  private(set) var factors: [String: Double] = [:]
  /// The largest factor of each layer so far.
  private(set) var largest: [String: Double] = [:]
  /// The layers whose weights were all zero when the epoch began; `nil` before its first step.
  private var zeroLayers: Set<String>?

  init(of entries: [ParameterStore.Entry]) {
    layers = Dictionary(grouping: entries, by: \.name.layer)
  }

  mutating func startEpoch() {
    sums = [:]
    zeroLayers = nil
  }

  /// Determines the factors of a step from the gradients in the store.
  mutating func update() {
    let zeros = zeroLayers ?? Set(layers.filter { Self.weights($0.value) == 0 }.keys)
    zeroLayers = zeros
    var ratios: [String: Double] = [:]
    for (layer, entries) in layers where !zeros.contains(layer) {
      // Weights that have become zero within the epoch count nothing at that step.
      let weights = Self.weights(entries)
      ratios[layer] = weights > 0 ? (Self.gradients(entries) / weights).squareRoot() : 0
    }
    let most = ratios.values.max() ?? 0
    for layer in zeros { ratios[layer] = most }
    sums.merge(ratios, uniquingKeysWith: +)
    let largestSum = sums.values.max() ?? 0
    for (layer, sum) in sums {
      let factor = largestSum > 0 ? sum / largestSum : 1
      factors[layer] = factor
      largest[layer] = max(largest[layer] ?? 0, factor)
    }
  }

  /// The square of the norm of the trained parameters of a layer.
  private static func weights(_ entries: [ParameterStore.Entry]) -> Double {
    entries.reduce(0) { $0 + VectorKernels.sumOfSquares($1.value) }
  }

  /// The square of the norm of their gradients.
  private static func gradients(_ entries: [ParameterStore.Entry]) -> Double {
    entries.compactMap(\.gradient).reduce(0) { $0 + VectorKernels.sumOfSquares($1) }
  }
}
