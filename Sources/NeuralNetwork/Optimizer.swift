import Foundation
import Tensors

/// How gradients become updates.
package enum Optimizer: Sendable, Hashable {
  /// Kingma and Ba 2015. The default epsilon is that of Keras (PyTorch: 1e-8).
  case adam(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-7)
  /// Stochastic gradient descent: v = momentum v - rate g, w += v.
  case sgd(momentum: Float = 0)
}

/// An optimizer at work: its moments for every trainable parameter of a store.
///
/// A class because it owns buffers. Parameters that are not trained have no state here.
package final class OptimizerState {
  private struct Slot {
    let entry: ParameterStore.Entry
    let rate: Double
    let first: TensorBuffer
    let second: TensorBuffer?
    /// How strongly the penalty pulls, and where to; no anchor is the origin.
    let pull: Float
    let anchor: TensorBuffer?
  }

  private let optimizer: Optimizer
  private let weightDecay: Double
  private let clippingNorm: Double?
  private let slots: [Slot]
  private var steps = 0

  /// - Parameters:
  ///   - store: after all programs of the run were compiled.
  ///   - weightDecay: decoupled (Loshchilov and Hutter 2019): a step shrinks kernels by the rate
  ///     times this; biases and normalizations are left alone. Default 0.
  ///   - clippingNorm: gradients whose norm, over all trained parameters together, is larger are
  ///     scaled down to it (Pascanu, Mikolov, Bengio 2013). Default: no clipping.
  ///   - penalty: part of the loss, so its gradient is added before clipping. Default: none.
  ///   - rate: the peak learning rate of each layer, by name.
  package init(
    _ optimizer: Optimizer, store: ParameterStore, weightDecay: Double = 0,
    clippingNorm: Double? = nil, penalty: StartingPointPenalty? = nil,
    rate: (String) -> Double
  ) throws {
    self.optimizer = optimizer
    self.weightDecay = weightDecay
    self.clippingNorm = clippingNorm
    slots = try store.trainable.map { entry in
      let needsSecond = if case .adam = optimizer { true } else { false }
      let isPenalized = entry.role == "kernel"
      let start = isPenalized ? penalty?.startingPoint[entry.name] : nil
      let strength = start == nil ? penalty?.newStrength : penalty?.strength
      return Slot(
        entry: entry, rate: rate(entry.name.layer), first: try entry.value.alike(),
        second: needsSecond ? try entry.value.alike() : nil,
        pull: isPenalized ? Float(strength ?? 0) : 0,
        anchor: try start.map { try entry.value.alike(holding: $0.values) })
    }
  }

  /// Bytes of the moments.
  package var bytes: Int {
    slots.reduce(0) { $0 + $1.first.bytes + ($1.second?.bytes ?? 0) + ($1.anchor?.bytes ?? 0) }
  }

  /// Peak rate of each trained layer, by name.
  package var rates: [String: Double] {
    Dictionary(
      slots.map { ($0.entry.name.layer, $0.rate) }, uniquingKeysWith: { first, _ in first })
  }

  /// Updates every trainable parameter from the gradients in the store.
  ///
  /// - Parameter factor: the schedule's share of the peak rates at this step.
  package func apply(factor: Double) {
    steps += 1
    prepareGradients()
    for slot in slots {
      guard let gradient = slot.entry.gradient else { continue }
      let rate = slot.rate * factor
      let decay = Float(slot.entry.role == "kernel" ? rate * weightDecay : 0)
      switch optimizer {
      case .adam(let beta1, let beta2, let epsilon):
        guard let second = slot.second else { continue }
        VectorKernels.adam(
          slot.entry.value, gradient: gradient, first: slot.first, second: second,
          VectorKernels.AdamStep(
            rate: Float(rate), beta1: beta1, beta2: beta2, epsilon: epsilon,
            correction1: Float(1 - pow(Double(beta1), Double(steps))),
            correction2: Float(1 - pow(Double(beta2), Double(steps))),
            decay: decay))
      case .sgd(let momentum):
        VectorKernels.momentum(
          slot.entry.value, gradient: gradient, velocity: slot.first, rate: Float(rate),
          momentum: momentum, decay: decay)
      }
    }
  }

  /// Adds the penalty's gradient and clips.
  private func prepareGradients() {
    for slot in slots where slot.pull > 0 {
      guard let gradient = slot.entry.gradient else { continue }
      VectorKernels.pull(
        gradient, weights: slot.entry.value, towards: slot.anchor, strength: slot.pull)
    }
    guard let clippingNorm else { return }
    let gradients = slots.compactMap(\.entry.gradient)
    let norm = gradients.reduce(0) { $0 + VectorKernels.sumOfSquares($1) }.squareRoot()
    // PyTorch's rule, which never divides by zero.
    let factor = clippingNorm / (norm + 1e-6)
    guard factor < 1 else { return }
    for gradient in gradients { VectorKernels.scale(gradient, by: Float(factor)) }
  }
}
