import COneDNN

/// Rows of features in the order in which softmax regression reads them, pass after pass.
///
/// A panel is 32 rows, `[features][32]`; the last is filled up with rows of zeros that count for
/// nothing. A chunk of panels stays in the cache from its logits to its gradient, so that a pass
/// reads the rows from memory once. A class because it owns memory; not for use by two threads at
/// once.
package final class SoftmaxPanels {
  package let count, features, classes: Int
  /// Bytes of everything that lasts from pass to pass.
  package let bytes: Int

  private let panelCount, stride, chunk: Int
  private let labels: [Int32]
  private let panels, weights, slopes: TensorBuffer
  /// Sums per class and lane, and room for the exponentials of a panel.
  private var biasLanes, exponentials: [Double]

  private static let panelRows = softmax_panel_rows
  /// Of a chunk's features: half of the second-level cache of most processors.
  private static let chunkBytes = 512 << 10

  /// What one pass over the rows yields.
  package struct Sums: Sendable {
    /// Sum of the negative log-likelihoods, in nats.
    package let loss: Double
    /// Rows whose largest logit is that of the label (the first one on a tie).
    package let correct: Int
  }

  /// - Parameters:
  ///   - rows: `[count, features]`, stored as (row - shift) × factor.
  ///   - labels: `[count]`, at least one, each in 0..<classes.
  package init(
    _ rows: [Float], labels: [Int32], classes: Int, shift: [Double], factor: [Double]
  ) throws(ComputeError) {
    let size = Self.panelRows
    let features = rows.count / labels.count
    let panelCount = (labels.count + size - 1) / size
    // One more than needed: panels a power of two apart would share few lines of a cache.
    let stride = (features + 1) * size
    chunk = min(max(Self.chunkBytes / (4 * stride), 8), 64, panelCount)
    panels = try TensorBuffer.vector(count: panelCount * stride)
    weights = try TensorBuffer.vector(count: features * classes)
    slopes = try TensorBuffer.vector(count: chunk * classes * size)
    biasLanes = [Double](repeating: 0, count: 8 * classes)
    exponentials = [Double](repeating: 0, count: size * classes)
    let filler = [Int32](repeating: -1, count: panelCount * size - labels.count)
    self.labels = labels + filler
    (count, self.features, self.classes) = (labels.count, features, classes)
    (self.panelCount, self.stride) = (panelCount, stride)
    bytes =
      [panels, weights, slopes].reduce(0) { $0 + $1.bytes }
      + 8 * (biasLanes.count + exponentials.count) + 4 * self.labels.count
    guard let first = panels.start else { return }
    rows.withUnsafeBufferPointer { rows in
      guard let start = rows.baseAddress else { return }
      for panel in 0..<panelCount {
        let row = panel * size
        softmax_fill_panel(
          first + panel * stride, start + row * features, min(size, labels.count - row), features,
          shift, factor)
      }
    }
  }

  /// Loss and hits of a kernel `[features, classes]` and a bias `[classes]`.
  package func pass(kernel: [Float], bias: [Float]) -> Sums {
    run(kernel, bias, kernelGradient: nil, biasLanes: nil)
  }

  /// Loss, hits and the gradients of the sum of the losses, which are overwritten.
  ///
  /// - Precondition: the gradients have as many elements as kernel and bias.
  package func pass(
    kernel: [Float], bias: [Float], kernelGradient: inout [Double], biasGradient: inout [Double]
  ) -> Sums {
    precondition(kernelGradient.count == kernel.count && biasGradient.count == classes)
    for index in kernelGradient.indices { kernelGradient[index] = 0 }
    for index in biasLanes.indices { biasLanes[index] = 0 }
    let sums = kernelGradient.withUnsafeMutableBufferPointer { gradient in
      biasLanes.withUnsafeMutableBufferPointer { lanes in
        run(kernel, bias, kernelGradient: gradient.baseAddress, biasLanes: lanes.baseAddress)
      }
    }
    for k in 0..<classes { biasGradient[k] = biasLanes[8 * k..<8 * k + 8].reduce(0, +) }
    return sums
  }

  private func run(
    _ kernel: [Float], _ bias: [Float], kernelGradient: UnsafeMutablePointer<Double>?,
    biasLanes: UnsafeMutablePointer<Double>?
  ) -> Sums {
    precondition(kernel.count == features * classes && bias.count == classes)
    guard let packed = weights.start, let slopes = slopes.start, let source else {
      return Sums(loss: 0, correct: 0)
    }
    softmax_pack_weights(packed, kernel, features, classes)
    let sums = labels.withUnsafeBufferPointer { labels in
      bias.withUnsafeBufferPointer { bias in
        exponentials.withUnsafeMutableBufferPointer { room in
          guard let labels = labels.baseAddress, let bias = bias.baseAddress,
            let room = room.baseAddress
          else { return softmax_sums() }
          return softmax_run_pass(
            source,
            softmax_pass(
              classes: classes, labels: labels, weights: packed, bias: bias, chunk: chunk,
              slopes: slopes, exponentials: room),
            kernelGradient, biasLanes)
        }
      }
    }
    return Sums(loss: sums.loss, correct: sums.correct)
  }

  private var source: softmax_panels? {
    panels.start.map {
      softmax_panels(values: $0, count: panelCount, stride: stride, features: features)
    }
  }

  /// The products of all pairs of features, `[features, features]`, averaged over at least
  /// `sample` rows that are spread evenly, or all.
  package func meanProducts(sample: Int) -> (products: [Double], rows: Int) {
    let size = Self.panelRows
    let step = max(panelCount * size / max(sample, 1), 1)
    var products = [Double](repeating: 0, count: features * features)
    guard var source else { return (products, 0) }
    source.count = (panelCount + step - 1) / step
    source.stride = step * stride
    softmax_add_squares(source, chunk, &products)
    // The last panel may be short.
    let last = (source.count - 1) * step
    let rows = (source.count - 1) * size + min(size, count - last * size)
    for index in products.indices { products[index] /= Double(rows) }
    return (products, rows)
  }
}
