import CKernels

/// Rows of features, stored in the order in which the passes of softmax regression read them.
///
/// A panel is 32 rows, `[features][32]`; each part of the rows begins with its own panel, and its
/// last panel is filled up with rows of zeros that have no effect. A chunk of panels stays in the
/// cache from the computation of its logits to that of its gradient, so that a pass reads the rows
/// from memory once. A class because it owns memory; not for use by two threads at the same time.
package final class SoftmaxPanels {
  package let count, features, classes: Int
  /// Number of rows of each part.
  package let partCounts: [Int]
  /// Bytes of all memory that is kept between passes.
  package let bytes: Int

  /// The panels of each part.
  private let partPanels: [Range<Int>]
  private let panelCount, stride, chunk: Int
  private let labels: [Int32]
  private let panels, weights, slopes: TensorBuffer
  /// Sums per class and lane, and working memory for the exponentials of a panel.
  private var biasLanes, exponentials: [Double]

  private static let panelRows = softmax_panel_rows
  /// Bytes of the features of a chunk: half of the second-level cache of most processors.
  private static let chunkBytes = 512 << 10

  /// The result of one pass over the rows.
  package struct Sums: Sendable {
    /// Sum of the negative log-likelihoods, in nats.
    package let loss: Double
    /// Number of rows whose largest logit (the first one on a tie) is that of the label.
    package let correct: Int
  }

  /// - Parameters:
  ///   - rows: `[count, features]`, stored as (row - shift) × factor.
  ///   - labels: `[count]`, at least one, each in 0..<classes.
  ///   - parts: the rows of each part, so that passes can leave a part out; `nil` for a single part
  ///     with all rows in order.
  /// - Precondition: every row is in at most one part, and at least one row is in one.
  package init(
    _ rows: [Float], labels: [Int32], classes: Int, shift: [Double], factor: [Double],
    parts: [[Int]]? = nil
  ) throws(ComputeError) {
    let size = Self.panelRows
    let features = rows.count / labels.count
    let parts = parts ?? [Array(labels.indices)]
    var (order, partPanels) = ([Int](), [Range<Int>]())
    for part in parts {
      let first = order.count / size
      order += part
      // -1 stands for a row of zeros.
      order += [Int](repeating: -1, count: (size - order.count % size) % size)
      partPanels.append(first..<order.count / size)
    }
    let panelCount = order.count / size
    // One more feature than needed: panels at distances of a power of two would share few cache
    // lines.
    let stride = (features + 1) * size
    chunk = min(max(Self.chunkBytes / (4 * stride), 8), 64, panelCount)
    panels = try TensorBuffer.vector(count: panelCount * stride)
    weights = try TensorBuffer.vector(count: features * classes)
    slopes = try TensorBuffer.vector(count: chunk * classes * size)
    biasLanes = [Double](repeating: 0, count: 8 * classes)
    exponentials = [Double](repeating: 0, count: size * classes)
    self.labels = order.map { $0 < 0 ? -1 : labels[$0] }
    partCounts = parts.map(\.count)
    count = partCounts.reduce(0, +)
    (self.features, self.classes) = (features, classes)
    (self.partPanels, self.panelCount, self.stride) = (partPanels, panelCount, stride)
    bytes =
      [panels, weights, slopes].reduce(0) { $0 + $1.bytes }
      + 8 * (biasLanes.count + exponentials.count) + 4 * self.labels.count
    guard let first = panels.start else { return }
    var gathered = [Float](repeating: 0, count: size * features)
    for panel in 0..<panelCount {
      let members = order[panel * size..<(panel + 1) * size].prefix { $0 >= 0 }
      for (position, row) in members.enumerated() {
        gathered.replaceSubrange(
          position * features..<(position + 1) * features,
          with: rows[row * features..<(row + 1) * features])
      }
      softmax_fill_panel(
        first + panel * stride, gathered, members.count, features, shift, factor)
    }
  }

  /// The rows that a pass reads.
  package enum Selection: Sendable, Hashable {
    case all
    case part(Int)
    case allBut(part: Int)
  }

  /// The number of selected rows.
  package func count(of selection: Selection) -> Int {
    switch selection {
    case .all: count
    case .part(let part): partCounts[part]
    case .allBut(let part): count - partCounts[part]
    }
  }

  /// Loss and hits of a kernel `[features, classes]` and a bias `[classes]` on selected rows.
  package func pass(kernel: [Float], bias: [Float], over selection: Selection = .all) -> Sums {
    run(kernel, bias, selection, kernelGradient: nil, biasLanes: nil)
  }

  /// Loss, hits and the gradients of the sum of the losses on selected rows.
  ///
  /// - Parameters:
  ///   - kernelGradient: overwritten with the gradient by the kernel.
  ///   - biasGradient: overwritten with the gradient by the bias.
  /// - Precondition: the gradients have as many elements as kernel and bias.
  package func pass(
    kernel: [Float], bias: [Float], over selection: Selection = .all,
    kernelGradient: inout [Double], biasGradient: inout [Double]
  ) -> Sums {
    precondition(kernelGradient.count == kernel.count && biasGradient.count == classes)
    for index in kernelGradient.indices { kernelGradient[index] = 0 }
    for index in biasLanes.indices { biasLanes[index] = 0 }
    let sums = kernelGradient.withUnsafeMutableBufferPointer { gradient in
      biasLanes.withUnsafeMutableBufferPointer { lanes in
        run(
          kernel, bias, selection, kernelGradient: gradient.baseAddress,
          biasLanes: lanes.baseAddress)
      }
    }
    for k in 0..<classes { biasGradient[k] = biasLanes[8 * k..<8 * k + 8].reduce(0, +) }
    return sums
  }

  private func panelRanges(of selection: Selection) -> [Range<Int>] {
    let ranges =
      switch selection {
      case .all: [0..<panelCount]
      case .part(let part): [partPanels[part]]
      case .allBut(let part):
        [0..<partPanels[part].lowerBound, partPanels[part].upperBound..<panelCount]
      }
    return ranges.filter { !$0.isEmpty }
  }

  private func run(
    _ kernel: [Float], _ bias: [Float], _ selection: Selection,
    kernelGradient: UnsafeMutablePointer<Double>?, biasLanes: UnsafeMutablePointer<Double>?
  ) -> Sums {
    precondition(kernel.count == features * classes && bias.count == classes)
    guard let packed = weights.start, let slopes = slopes.start else {
      return Sums(loss: 0, correct: 0)
    }
    softmax_pack_weights(packed, kernel, features, classes)
    var total = Sums(loss: 0, correct: 0)
    for range in panelRanges(of: selection) {
      guard let source = source(range) else { continue }
      let sums = labels.withUnsafeBufferPointer { labels in
        bias.withUnsafeBufferPointer { bias in
          exponentials.withUnsafeMutableBufferPointer { room in
            guard let labels = labels.baseAddress, let bias = bias.baseAddress,
              let room = room.baseAddress
            else { return softmax_sums() }
            return softmax_run_pass(
              source,
              softmax_pass(
                classes: classes, labels: labels + range.lowerBound * Self.panelRows,
                weights: packed, bias: bias, chunk: chunk, slopes: slopes, exponentials: room),
              kernelGradient, biasLanes)
          }
        }
      }
      total = Sums(loss: total.loss + sums.loss, correct: total.correct + sums.correct)
    }
    return total
  }

  private func source(_ range: Range<Int>) -> softmax_panels? {
    panels.start.map {
      softmax_panels(
        values: $0 + range.lowerBound * stride, count: range.count, stride: stride,
        features: features)
    }
  }

  /// The mean products of all pairs of features, `[features, features]`, over at least `sample`
  /// evenly spread rows, or over all rows if there are fewer.
  package func meanProducts(sample: Int) -> (products: [Double], rows: Int) {
    let size = Self.panelRows
    let step = max(panelCount * size / max(sample, 1), 1)
    var products = [Double](repeating: 0, count: features * features)
    guard var source = source(0..<panelCount) else { return (products, 0) }
    source.count = (panelCount + step - 1) / step
    source.stride = step * stride
    softmax_add_squares(source, chunk, &products)
    // Panels at the end of a part may be short.
    let rows = Swift.stride(from: 0, to: panelCount, by: step).reduce(0) { sum, panel in
      sum + labels[panel * size..<(panel + 1) * size].count(where: { $0 >= 0 })
    }
    for index in products.indices { products[index] /= Double(rows) }
    return (products, rows)
  }
}
