package import Tensors

/// The loss of softmax regression on rows of features that stay in memory, for a sequence of linear
/// maps.
///
/// Products are in float32; the softmax and all sums over rows and chunks of rows are in double
/// precision. A class because it owns buffers; not for use by two threads at the same time.
package final class SoftmaxRows {
  package let count, features, classes: Int
  /// Bytes of all buffers.
  package var bytes: Int { panels.bytes }
  /// Floating-point operations of the products so far (a multiply-add is two).
  package private(set) var flops = 0.0

  private let panels: SoftmaxPanels

  /// The result of one pass over the rows.
  package struct Pass {
    /// Sum of the negative log-likelihoods, in nats.
    package var loss = 0.0
    /// Number of rows whose largest logit (the first one on a tie) is that of the label.
    package var correct = 0
    /// Gradient of the *sum* of the losses by the kernel; empty if not requested.
    package var kernelGradient: [Double] = []
    /// Gradient of the *sum* of the losses by the bias; empty if not requested.
    package var biasGradient: [Double] = []
  }

  /// - Parameters:
  ///   - rows: `[count, features]`.
  ///   - labels: `[count]`, at least one, each in 0..<classes.
  ///   - scale: how each feature is shifted and scaled before it is stored.
  ///   - parts: the rows of every part, as for ``SoftmaxPanels``.
  package init(
    _ rows: [Float], labels: [Int32], classes: Int, scale: FeatureScale? = nil,
    parts: [[Int]]? = nil
  ) throws(ComputeError) {
    (features, self.classes) = (rows.count / labels.count, classes)
    panels = try SoftmaxPanels(
      rows, labels: labels, classes: classes,
      shift: scale?.mean ?? Array(repeating: 0, count: features),
      factor: scale?.deviation.map { 1 / $0 } ?? Array(repeating: 1, count: features),
      parts: parts)
    count = panels.count
  }

  /// The number of selected rows.
  package func count(of selection: SoftmaxPanels.Selection) -> Int { panels.count(of: selection) }

  /// Loss and number of hits of a kernel `[features, classes]` and a bias `[classes]` on selected
  /// rows.
  package func pass(
    kernel: [Float], bias: [Float], over selection: SoftmaxPanels.Selection = .all,
    gradient wantsGradient: Bool
  ) -> Pass {
    let products = Double(count(of: selection) * kernel.count)
    guard wantsGradient else {
      flops += 2 * products
      let sums = panels.pass(kernel: kernel, bias: bias, over: selection)
      return Pass(loss: sums.loss, correct: sums.correct)
    }
    var pass = Pass(
      kernelGradient: Array(repeating: 0, count: kernel.count),
      biasGradient: Array(repeating: 0, count: classes))
    let sums = panels.pass(
      kernel: kernel, bias: bias, over: selection, kernelGradient: &pass.kernelGradient,
      biasGradient: &pass.biasGradient)
    (pass.loss, pass.correct) = (sums.loss, sums.correct)
    flops += 4 * products
    return pass
  }

  /// The mean products of all pairs of features, `[features, features]`, over at least `sample`
  /// evenly spread rows, or over all rows if there are fewer.
  package func meanProducts(sample: Int) -> [Double] {
    let (products, rows) = panels.meanProducts(sample: sample)
    flops += 2 * Double(rows * features * features)
    return products
  }
}
