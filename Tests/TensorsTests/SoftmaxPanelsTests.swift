import Foundation
import Tensors
import Testing

/// Loss and gradient of softmax regression on rows that stay in panels of 32.
struct SoftmaxPanelsTests {
  private struct Problem {
    let features, classes: Int
    let rows, kernel, bias: [Float]
    let labels: [Int32]

    init(count: Int, features: Int, classes: Int) {
      (self.features, self.classes) = (features, classes)
      rows = normalNumbers(count * features, seed: 1)
      kernel = normalNumbers(features * classes, seed: 2)
      bias = normalNumbers(classes, seed: 3)
      labels = (0..<count).map { Int32($0 * 7 % classes) }
    }

    func panels() throws -> SoftmaxPanels {
      try SoftmaxPanels(
        rows, labels: labels, classes: classes, shift: [Double](repeating: 0, count: features),
        factor: [Double](repeating: 1, count: features))
    }

    struct Outcome: Equatable {
      var loss = 0.0
      var correct = 0
      var kernel, bias: [Double]
    }

    func found(by panels: SoftmaxPanels) -> Outcome {
      // Gradients are overwritten.
      var outcome = Outcome(
        kernel: Array(repeating: 7, count: kernel.count), bias: Array(repeating: 7, count: classes))
      let sums = panels.pass(
        kernel: kernel, bias: bias, kernelGradient: &outcome.kernel, biasGradient: &outcome.bias)
      (outcome.loss, outcome.correct) = (sums.loss, sums.correct)
      return outcome
    }

    /// The same row by row in double precision.
    func expected() -> Outcome {
      var outcome = Outcome(
        kernel: Array(repeating: 0, count: kernel.count), bias: Array(repeating: 0, count: classes))
      for (row, label) in labels.enumerated() {
        let x = rows[row * features..<(row + 1) * features].map(Double.init)
        let logits = (0..<classes).map { k in
          x.indices.reduce(Double(bias[k])) { $0 + x[$1] * Double(kernel[$1 * classes + k]) }
        }
        let total = logits.reduce(0) { $0 + exp($1) }
        outcome.loss += log(total) - logits[Int(label)]
        if logits.max() == logits[Int(label)] { outcome.correct += 1 }
        for k in 0..<classes {
          let slope = exp(logits[k]) / total - (k == Int(label) ? 1 : 0)
          outcome.bias[k] += slope
          for j in x.indices { outcome.kernel[j * classes + k] += x[j] * slope }
        }
      }
      return outcome
    }
  }

  /// Loss, hits and gradients are those of a computation in double precision, for classes and
  /// features that fill no tile, one or several, and rows that fill no panel or several chunks.
  @Test(arguments: [
    (1, 1, 2), (31, 2, 3), (32, 3, 4), (33, 4, 5), (100, 5, 6), (300, 7, 10), (64, 9, 11),
    (2100, 6, 17), (40, 33, 128),
  ])
  func agreesWithDoublePrecision(count: Int, features: Int, classes: Int) throws {
    let problem = Problem(count: count, features: features, classes: classes)
    let (found, expected) = (problem.found(by: try problem.panels()), problem.expected())
    #expect(abs(found.loss / expected.loss - 1) < 1e-6)
    #expect(found.correct == expected.correct)
    #expect(agree(found.kernel.map(Float.init), expected.kernel, to: 2e-6))
    #expect(agree(found.bias.map(Float.init), expected.bias, to: 2e-6))
  }

  /// A pass leaves nothing behind that changes the bits of the next.
  @Test func repeatable() throws {
    let problem = Problem(count: 300, features: 7, classes: 10)
    let panels = try problem.panels()
    let first = problem.found(by: panels)
    #expect(problem.found(by: panels) == first)
    #expect(panels.pass(kernel: problem.kernel, bias: problem.bias).loss == first.loss)
  }

  /// Where classes are far apart, loss and gradient keep the digits of what is left of them.
  @Test func farApart() throws {
    let panels = try SoftmaxPanels([1], labels: [0], classes: 3, shift: [0], factor: [1])
    var kernel = [0.0, 0, 0]
    var bias = kernel
    let loss = panels.pass(
      kernel: [60, 0, 10], bias: [0, 0, 0], kernelGradient: &kernel, biasGradient: &bias
    ).loss
    let rest = exp(-60.0) + exp(-50.0)
    #expect(abs(loss / rest - 1) < 1e-12)
    let shares: [Double] = [-1, exp(-60.0) / rest, exp(-50.0) / rest]
    for (slope, share) in zip(bias, shares) {
      let error: Double = slope / rest - share
      #expect(abs(error) < 1e-12)
    }
  }

  /// Of equal logits the first one is the guess, and each is as probable.
  @Test func ties() throws {
    func sums(_ label: Int32) throws -> SoftmaxPanels.Sums {
      try SoftmaxPanels([1], labels: [label], classes: 3, shift: [0], factor: [1])
        .pass(kernel: [0, 2, 2], bias: [0, 0, 0])
    }
    #expect(try sums(1).correct == 1)
    #expect(try sums(2).correct == 0)
    let error = try sums(2).loss - log(2 + exp(-2.0))
    #expect(abs(error) < 1e-14)
  }

  /// A logit that is not a number makes the loss one too.
  @Test(arguments: 0..<3)
  func notANumber(place: Int) throws {
    var kernel: [Float] = [0, 0, 0]
    kernel[place] = .nan
    let panels = try SoftmaxPanels([1], labels: [1], classes: 3, shift: [0], factor: [1])
    #expect(panels.pass(kernel: kernel, bias: [0, 0, 0]).loss.isNaN)
  }

  /// Rows are stored as (row - shift) × factor.
  @Test func shiftAndFactor() throws {
    let panels = try SoftmaxPanels(
      [3, 10, 5, 30], labels: [0, 1], classes: 2, shift: [1, 10], factor: [0.5, 2])
    let products = panels.meanProducts(sample: 2)
    #expect(products.rows == 2)
    // Rows (1, 0) and (2, 40).
    #expect(products.products == [2.5, 40, 40, 800])
  }

  /// A sample of the products is made of whole panels spread evenly over the rows.
  @Test func sampledProducts() throws {
    // Row r of one feature is the number of its panel.
    let rows = (0..<320).map { Float($0 / 32) }
    let panels = try SoftmaxPanels(
      rows, labels: rows.map { Int32($0) % 2 }, classes: 2, shift: [0], factor: [1])
    let products = panels.meanProducts(sample: 100)
    // Three panels apart, 0, 3, 6 and 9: the mean of 0, 9, 36 and 81.
    #expect(products.rows == 128)
    #expect(products.products == [31.5])
  }

  /// Memory: every row once and a panel's worth more per panel, the kernel, the slopes of a chunk,
  /// eight sums and 32 exponentials per class; nothing that grows with rows times classes.
  @Test func bytes() throws {
    let (count, features, classes) = (64_000, 16, 10)
    let panels = try Problem(count: count, features: features, classes: classes).panels()
    let rows = 4 * count * (features + 1)
    let labels = 4 * count
    let kernel = 4 * features * classes
    let slopes = 4 * 64 * classes * 32
    let sums = 8 * classes * (8 + 32)
    #expect(panels.bytes == rows + labels + kernel + slopes + sums)
  }
}
