import Foundation

/// The course of the learning rate over a run, as a fraction of its peak.
package enum LearningRateSchedule: Sendable, Hashable {
  /// A constant rate, after a linear warm-up over the fraction `warmUp` of the steps.
  case constant(warmUp: Double = 0)
  /// A linear warm-up, then half a cosine down to zero (Loshchilov and Hutter 2017).
  case cosine(warmUp: Double = 0)
  /// Half a cosine up from the fraction `start` of the peak over the fraction `warmUp` of the
  /// steps, then half a cosine down to the fraction `end` of the peak (Smith and Topin 2018; the
  /// form and the defaults of PyTorch's `OneCycleLR`).
  case oneCycle(warmUp: Double = 0.3, start: Double = 1.0 / 25, end: Double = 1.0 / 250_000)

  /// The same rise as in `oneCycle`, then half a cosine down to the fraction `level` of the peak,
  /// which holds over the fraction `hold` of the steps, so that the weights of these steps can be
  /// averaged (Izmailov et al. 2018; the form of PyTorch's `SWALR`).
  case held(over: Double, level: Double = 0.5, warmUp: Double = 0.3, start: Double = 1.0 / 25)

  /// The fraction of the peak rate at a step.
  ///
  /// - Parameters:
  ///   - step: number of the step, from 0.
  ///   - total: number of steps of the run, at least 1.
  package func factor(step: Int, of total: Int) -> Double {
    switch self {
    case .constant(let warmUp): return rise(step, over: warmUp * Double(total)) ?? 1
    case .cosine(let warmUp):
      let length = warmUp * Double(total)
      if let share = rise(step, over: length) { return share }
      return cosine(
        from: 1, to: 0, at: (Double(step) - length) / max(Double(total) - length, 1))
    case .oneCycle(let warmUp, let start, let end):
      let top = max(warmUp * Double(total) - 1, 0)
      if top > 0, Double(step) <= top {
        return cosine(from: start, to: 1, at: Double(step) / top)
      }
      let length = Double(total - 1) - top
      return cosine(from: 1, to: end, at: length > 0 ? (Double(step) - top) / length : 1)
    case .held(let hold, let level, let warmUp, let start):
      let fall = (1 - hold) * Double(total)
      let top = max(min(warmUp * Double(total), fall) - 1, 0)
      if top > 0, Double(step) <= top {
        return cosine(from: start, to: 1, at: Double(step) / top)
      }
      return cosine(from: 1, to: level, at: fall > top ? (Double(step) - top) / (fall - top) : 1)
    }
  }

  /// The fraction during a linear warm-up, which is not zero at the first step; `nil` after it.
  private func rise(_ step: Int, over length: Double) -> Double? {
    Double(step) < length ? min(Double(step + 1) / length, 1) : nil
  }

  private func cosine(from start: Double, to end: Double, at position: Double) -> Double {
    end + (start - end) * (1 + cos(.pi * min(max(position, 0), 1))) / 2
  }
}
