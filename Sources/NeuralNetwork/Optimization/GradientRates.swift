import Tensors

/// Factors on the learning rates of layers by the relative norms of their gradients: Auto-RGN, Lee,
/// Chen, Tajwar, Kumar, Yao, Liang and Finn, "Surgical Fine-Tuning Improves Adaptation to
/// Distribution Shifts", ICLR 2023.
///
/// A layer's ratio is the norm of the gradient of all its trained parameters divided by the norm of
/// these parameters, and its factor is the ratio divided by the largest of all layers. The authors'
/// code averages the ratios over five batches before each epoch; here they are means over the steps
/// of the epoch so far, the present one included, which takes no further passes.
struct GradientRates {
  private let layers: [String: [ParameterStore.Entry]]
  /// The sums of the ratios over the steps of the epoch.
  private var sums: [String: Double] = [:]
  /// The factors of the present step.
  private(set) var factors: [String: Double] = [:]
  /// The largest factor of each layer so far.
  private(set) var largest: [String: Double] = [:]

  init(of entries: [ParameterStore.Entry]) {
    layers = Dictionary(grouping: entries, by: \.name.layer)
  }

  mutating func startEpoch() { sums = [:] }

  /// Determines the factors of a step from the gradients in the store.
  mutating func update() {
    for (layer, entries) in layers {
      let weights = entries.reduce(0) { $0 + VectorKernels.sumOfSquares($1.value) }
      let gradients = entries.compactMap(\.gradient)
        .reduce(0) { $0 + VectorKernels.sumOfSquares($1) }
      // Weights of zero have a ratio that is large but finite.
      let ratio = (gradients / max(weights, .leastNormalMagnitude)).squareRoot()
      sums[layer, default: 0] += min(ratio, .greatestFiniteMagnitude.squareRoot())
    }
    let most = sums.values.max() ?? 0
    for (layer, sum) in sums {
      let factor = most > 0 ? sum / most : 1
      factors[layer] = factor
      largest[layer] = max(largest[layer] ?? 0, factor)
    }
  }
}
