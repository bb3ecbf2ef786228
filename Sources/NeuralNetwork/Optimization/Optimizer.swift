import Foundation
package import Tensors

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

    /// Updates the numbers of a range.
    func update(_ range: Range<Int>, _ step: Step) {
      let rate = rate * step.factor * (layer.flatMap { step.gradientFactor(of: $0) } ?? 1)
      let decay = Float(decays ? rate * step.weightDecay : 0)
      switch step.optimizer {
      case .adam(let beta1, let beta2, let epsilon):
        guard let second else { return }
        VectorKernels.adam(
          values, gradient: gradients, first: first, second: second, in: range,
          VectorKernels.AdamStep(
            rate: Float(rate), beta1: beta1, beta2: beta2, epsilon: epsilon,
            correction1: step.correction1, correction2: step.correction2, decay: decay))
      case .sgd(let momentum):
        VectorKernels.momentum(
          values, gradient: gradients, velocity: first, in: range, rate: Float(rate),
          momentum: momentum, decay: decay)
      }
    }
  }

  /// The step in progress.
  ///
  /// A class because the stages of the program read it.
  private final class Step {
    let optimizer: Optimizer
    let weightDecay: Double
    private(set) var factor = 0.0
    var gradientRates: GradientRates?
    /// For Adam, 1 - beta^t of both moments at step t.
    private(set) var correction1: Float = 1
    private(set) var correction2: Float = 1
    private var number = 0

    init(_ optimizer: Optimizer, weightDecay: Double, gradientRates: GradientRates?) {
      self.optimizer = optimizer
      self.weightDecay = weightDecay
      self.gradientRates = gradientRates
    }

    /// The factor on the rate of a layer that follows its gradients.
    func gradientFactor(of layer: String) -> Double? { gradientRates?.factors[layer] }

    /// Begins the next step, with the gradients in the store.
    func begin(factor: Double) {
      number += 1
      self.factor = factor
      gradientRates?.update()
      guard case .adam(let beta1, let beta2, _) = optimizer else { return }
      correction1 = Float(1 - pow(Double(beta1), Double(number)))
      correction2 = Float(1 - pow(Double(beta2), Double(number)))
    }
  }

  /// A kernel that the penalty pulls towards an anchor.
  private struct Pull {
    let entry: ParameterStore.Entry
    let strength: Float
    /// The values towards which the kernel is pulled; `nil` for zero.
    let anchor: TensorBuffer?
  }

  private let clippingNorm: Double?
  private let slots: [Slot]
  private let pulls: [Pull]
  private let gradients: [TensorBuffer]
  private let step: Step
  private let program: StagedProgram
  /// The given rate of each trained layer, by name.
  private let givenRates: [String: Double]

  /// How many numbers a unit of the update has; a multiple of the width of vectors.
  private static let unit = 4096

  /// Peak learning rate of each trained layer so far, by name, without the schedule.
  package var rates: [String: Double] {
    guard let gradientRates = step.gradientRates else { return givenRates }
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
  ///   - threads: the threads that share an update, which do not change its results.
  ///   - scalesRatesByGradients: whether the rate of each layer is multiplied by the relative norm
  ///     of its gradient, as a fraction of the largest (Auto-RGN; default: no).
  ///   - rate: the peak learning rate of each layer, by name.
  package init(
    _ optimizer: Optimizer, store: ParameterStore, weightDecay: Double = 0,
    clippingNorm: Double? = nil, penalty: StartingPointPenalty? = nil, threads: Threads = .one,
    scalesRatesByGradients: Bool = false, rate: (String) -> Double
  ) throws {
    self.clippingNorm = clippingNorm
    let entries = store.trainable
    let layers = Set(entries.map(\.name.layer))
    let rates = Dictionary(uniqueKeysWithValues: layers.map { ($0, rate($0)) })
    givenRates = rates
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
    let step = Step(
      optimizer, weightDecay: weightDecay,
      gradientRates: scalesRatesByGradients ? GradientRates(of: entries) : nil)
    self.step = step
    program = Self.update(slots, step, on: threads)
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

  /// The program that updates all slots.
  private static func update(
    _ slots: [Slot], _ step: Step, on threads: Threads
  ) -> StagedProgram {
    let parts = slots.flatMap { slot in
      stride(from: 0, to: slot.values.count, by: unit).map { start in
        (slot: slot, range: start..<min(start + unit, slot.values.count))
      }
    }
    let stage = Stage(units: parts.count) { units, _ in
      for part in parts[units] { part.slot.update(part.range, step) }
    }
    return StagedProgram([stage], on: threads) { _ in }
  }

  /// Begins an epoch, whose steps decide on rates that follow gradients.
  package func startEpoch() { step.gradientRates?.startEpoch() }

  /// Updates every trainable parameter from the gradients in the store.
  ///
  /// - Parameter factor: the fraction of the peak rates at this step, from the schedule.
  package func apply(factor: Double) throws {
    step.begin(factor: factor)
    prepareGradients()
    try program.run()
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
