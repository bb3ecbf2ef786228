import Foundation
import Tensors

/// The rule that turns gradients into updates.
package enum Optimizer: Sendable, Hashable {
  /// Adam: Kingma and Ba 2015. The default epsilon is that of Keras (PyTorch: 1e-8).
  case adam(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-7)
  /// Stochastic gradient descent: v = momentum v - rate g, w += v.
  case sgd(momentum: Float = 0)
}

/// The state of an optimizer: its moments for every trainable parameter of a store.
///
/// A class because it owns buffers. Parameters that are not trained have no state here.
package final class OptimizerState {
  /// Parameters that are adjacent in memory and have the same settings, updated by one call.
  private struct Slot {
    let values, gradients: TensorBuffer
    /// The layer, if its rate follows its gradients.
    let layer: String?
    let rate: Double
    let decays: Bool
    let first: TensorBuffer
    let second: TensorBuffer?
  }

  /// A kernel that the penalty pulls towards an anchor.
  private struct Pull {
    let entry: ParameterStore.Entry
    let strength: Float
    /// The values towards which the kernel is pulled; `nil` for zero.
    let anchor: TensorBuffer?
  }

  private let optimizer: Optimizer
  private let weightDecay: Double
  private let clippingNorm: Double?
  private let slots: [Slot]
  private let pulls: [Pull]
  private let gradients: [TensorBuffer]
  private var steps = 0
  private var gradientRates: GradientRates?
  /// The given rate of each trained layer, by name.
  private let givenRates: [String: Double]

  /// Peak learning rate of each trained layer so far, by name, without the schedule.
  package var rates: [String: Double] {
    guard let gradientRates else { return givenRates }
    return givenRates.reduce(into: [:]) { rates, given in
      rates[given.key] = given.value * (gradientRates.largest[given.key] ?? 0)
    }
  }

  /// Creates the state for all trainable parameters of a store.
  ///
  /// - Parameters:
  ///   - store: the parameters, after all programs of the run were compiled.
  ///   - weightDecay: decoupled weight decay (Loshchilov and Hutter 2019): each step shrinks
  ///     kernels by the rate times this; biases and normalizations are not decayed (default: 0).
  ///   - clippingNorm: gradients whose norm over all trained parameters is larger are scaled down
  ///     to this norm (Pascanu, Mikolov, Bengio 2013; default: no clipping).
  ///   - penalty: a penalty that is part of the loss, so its gradient is added before clipping
  ///     (default: none).
  ///   - scalesRatesByGradients: whether the rate of each layer is multiplied by the relative norm
  ///     of its gradient, as a fraction of the largest (Auto-RGN; default: no).
  ///   - rate: the peak learning rate of each layer, by name.
  package init(
    _ optimizer: Optimizer, store: ParameterStore, weightDecay: Double = 0,
    clippingNorm: Double? = nil, penalty: StartingPointPenalty? = nil,
    scalesRatesByGradients: Bool = false, rate: (String) -> Double
  ) throws {
    self.optimizer = optimizer
    self.weightDecay = weightDecay
    self.clippingNorm = clippingNorm
    let entries = store.trainable
    let layers = Set(entries.map(\.name.layer))
    let rates = Dictionary(uniqueKeysWithValues: layers.map { ($0, rate($0)) })
    givenRates = rates
    gradientRates = scalesRatesByGradients ? GradientRates(of: entries) : nil
    gradients = entries.compactMap(\.gradient)
    let needsSecond = if case .adam = optimizer { true } else { false }
    var slots: [Slot] = []
    for block in store.blocks {
      let settings = block.entries.map { entry in
        (
          layer: scalesRatesByGradients ? entry.name.layer : nil,
          rate: rates[entry.name.layer] ?? 0, decays: weightDecay > 0 && entry.role == "kernel"
        )
      }
      var first = 0
      for end in 1...block.entries.count
      where end == block.entries.count || settings[end] != settings[first] {
        let start = block.offsets[first]
        let stop = end < block.entries.count ? block.offsets[end] : block.values.bytes
        let count = (stop - start) / MemoryLayout<Float>.stride
        slots.append(
          Slot(
            values: try block.values.stretch(at: start, count: count),
            gradients: try block.gradients.stretch(at: start, count: count),
            layer: settings[first].layer, rate: settings[first].rate,
            decays: settings[first].decays,
            first: try TensorBuffer.vector(count: count),
            second: needsSecond ? try TensorBuffer.vector(count: count) : nil))
        first = end
      }
    }
    self.slots = slots
    pulls = try entries.compactMap { entry in
      let start = penalty?.startingPoint[entry.name]
      let strength = start == nil ? penalty?.newStrength : penalty?.strength
      guard entry.role == "kernel", let strength, strength > 0 else { return nil }
      return Pull(
        entry: entry, strength: Float(strength),
        anchor: try start.map { try entry.value.alike(holding: $0.values) })
    }
  }

  /// Bytes of the moments and of the anchors of the penalty.
  package var bytes: Int {
    slots.reduce(0) { $0 + $1.first.bytes + ($1.second?.bytes ?? 0) }
      + pulls.reduce(0) { $0 + ($1.anchor?.bytes ?? 0) }
  }

  /// Begins an epoch, whose steps decide on rates that follow gradients.
  package func startEpoch() { gradientRates?.startEpoch() }

  /// Updates every trainable parameter from the gradients in the store.
  ///
  /// - Parameter factor: the fraction of the peak rates at this step, from the schedule.
  package func apply(factor: Double) {
    steps += 1
    gradientRates?.update()
    prepareGradients()
    for slot in slots {
      let share = slot.layer.flatMap { gradientRates?.factors[$0] } ?? 1
      let rate = slot.rate * factor * share
      let decay = Float(slot.decays ? rate * weightDecay : 0)
      switch optimizer {
      case .adam(let beta1, let beta2, let epsilon):
        guard let second = slot.second else { continue }
        VectorKernels.adam(
          slot.values, gradient: slot.gradients, first: slot.first, second: second,
          VectorKernels.AdamStep(
            rate: Float(rate), beta1: beta1, beta2: beta2, epsilon: epsilon,
            correction1: Float(1 - pow(Double(beta1), Double(steps))),
            correction2: Float(1 - pow(Double(beta2), Double(steps))),
            decay: decay))
      case .sgd(let momentum):
        VectorKernels.momentum(
          slot.values, gradient: slot.gradients, velocity: slot.first, rate: Float(rate),
          momentum: momentum, decay: decay)
      }
    }
  }

  /// Adds the gradient of the penalty and clips the result.
  private func prepareGradients() {
    for pull in pulls {
      guard let gradient = pull.entry.gradient else { continue }
      VectorKernels.pull(
        gradient, weights: pull.entry.value, towards: pull.anchor, strength: pull.strength)
    }
    guard let clippingNorm else { return }
    let norm = gradients.reduce(0) { $0 + VectorKernels.sumOfSquares($1) }.squareRoot()
    // As in PyTorch; never divides by zero.
    let factor = clippingNorm / (norm + 1e-6)
    guard factor < 1 else { return }
    for gradient in gradients { VectorKernels.scale(gradient, by: Float(factor)) }
  }
}
