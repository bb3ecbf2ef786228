import Foundation
import Tensors
import Testing

/// The loss of classification, its hits and its gradient.
struct SoftmaxCrossEntropyTests {
  /// Logits ln 1, ln 2, ln 5 have the probabilities 1/8, 2/8 and 5/8.
  @Test func lossByHand() throws {
    let logits = try activations([[0, log(2), log(5)], [0, log(2), log(5)]])
    let sums = SoftmaxCrossEntropy.evaluate(logits: logits, labels: [2, 0], classes: 3)
    #expect(abs(sums.loss - (log(8.0 / 5) + log(8.0))) < 1e-6)
    #expect(sums.correct == 1)
  }

  /// The gradient of the mean loss is (probability - label) / batch.
  @Test func gradientByHand() throws {
    let logits = try activations([[0, log(2), log(5)], [0, log(2), log(5)]])
    let gradient = try logits.alike()
    _ = SoftmaxCrossEntropy.evaluate(
      logits: logits, labels: [2, 0], classes: 3, gradient: gradient)
    let sixteenths: [Double] = [1, 2, -3, -7, 2, 5]
    #expect(agree(gradient.contents, sixteenths.map { $0 / 16 }))
  }

  /// The gradient agrees with central differences of the loss computed in double precision.
  @Test(arguments: [2, 3, 10, 17])
  func gradientByDifferences(classes: Int) throws {
    let values = normalNumbers(4 * classes, seed: UInt64(classes))
    let labels = (0..<4).map { Int32($0 * 5 % classes) }
    let logits = try TensorBuffer.activations(batch: 4, shape: .vector(classes))
    logits.fill(values)
    let gradient = try logits.alike()
    let sums = SoftmaxCrossEntropy.evaluate(
      logits: logits, labels: labels[...], classes: classes, gradient: gradient)
    let exact = values.map(Double.init)
    #expect(abs(sums.loss / 4 - meanLoss(exact, labels)) < 1e-6)
    let differences = exact.indices.map { i in
      var (up, down) = (exact, exact)
      up[i] += 1e-5
      down[i] -= 1e-5
      return (meanLoss(up, labels) - meanLoss(down, labels)) / 2e-5
    }
    #expect(agree(gradient.contents, differences, to: 2e-6))
  }

  /// Of equal logits the first one is the guess.
  @Test func ties() throws {
    let logits = try activations([[1, 3, 3], [1, 3, 3], [2, 2, 2]])
    func hits(_ labels: ArraySlice<Int32>) -> Int {
      SoftmaxCrossEntropy.evaluate(logits: logits, labels: labels, classes: 3).correct
    }
    #expect(hits([1, 1, 0]) == 3)
    #expect(hits([2, 2, 1]) == 0)
  }

  /// Logits whose exponentials overflow or vanish give the right loss and a finite gradient.
  @Test func largeLogits() throws {
    let logits = try activations([[1000, 0, -1000], [-1000, -1000, -2000], [3e38, 0, 0]])
    let gradient = try logits.alike()
    let sums = SoftmaxCrossEntropy.evaluate(
      logits: logits, labels: [1, 0, 0], classes: 3, gradient: gradient)
    #expect(abs(sums.loss - (1000 + log(2.0))) < 1e-3)
    #expect(sums.correct == 2)
    let thirds: [Double] = [1, -1, 0, -0.5, 0.5, 0, 0, 0, 0]
    #expect(agree(gradient.contents, thirds.map { $0 / 3 }))
  }

  /// A logit that is not a number makes the loss one too, so that a trainer can notice.
  @Test func notANumber() throws {
    let logits = try activations([[1, .nan, 0]])
    let sums = SoftmaxCrossEntropy.evaluate(logits: logits, labels: [0], classes: 3)
    #expect(sums.loss.isNaN)
  }

  /// Only as many rows count as there are labels.
  @Test func fewerLabelsThanRows() throws {
    let logits = try activations([[0, 0], [5, 0], [5, 0]])
    let gradient = try logits.alike()
    gradient.fill([9, 9, 9, 9, 9, 9])
    let sums = SoftmaxCrossEntropy.evaluate(
      logits: logits, labels: [0], classes: 2, gradient: gradient)
    #expect(abs(sums.loss - log(2.0)) < 1e-6)
    #expect(gradient.contents == [-0.5, 0.5, 9, 9, 9, 9])
  }

  /// Exponentials in float32 are good to two units in the last place as far as values are normal
  /// numbers.
  @Test func exponentials() throws {
    let logits = (0..<8000).map { -Float($0) / 100 }
    let buffer = try activations([logits])
    let gradient = try buffer.alike()
    _ = SoftmaxCrossEntropy.evaluate(
      logits: buffer, labels: [0], classes: logits.count, gradient: gradient)
    let exact = logits.map { exp(Double($0)) }
    let total = exact.reduce(0, +)
    for (slope, value) in zip(gradient.contents, exact).dropFirst() {
      #expect(abs(Double(slope) * total / value - 1) < 3e-7)
    }
  }

  /// Loss and hits have the same bits with and without a gradient, for one block of classes or
  /// more.
  @Test(arguments: [(10, 0), (64, 0.1), (200, 0.1)] as [(Int, Float)])
  func lossWithoutGradient(classes: Int, smoothing: Float) throws {
    let logits = try TensorBuffer.activations(batch: 3, shape: .vector(classes))
    logits.fill(normalNumbers(3 * classes, seed: 9))
    func sums(_ gradient: TensorBuffer?) -> SoftmaxCrossEntropy.Sums {
      SoftmaxCrossEntropy.evaluate(
        logits: logits, labels: [0, 5, 9], classes: classes, smoothing: smoothing,
        gradient: gradient)
    }
    let (with, without) = (sums(try logits.alike()), sums(nil))
    #expect(with.loss == without.loss)
    #expect(with.correct == without.correct)
  }

  private func activations(_ rows: [[Float]]) throws -> TensorBuffer {
    let buffer = try TensorBuffer.activations(batch: rows.count, shape: .vector(rows[0].count))
    buffer.fill(rows.flatMap { $0 })
    return buffer
  }

  private func meanLoss(_ logits: [Double], _ labels: [Int32]) -> Double {
    let classes = logits.count / labels.count
    return labels.enumerated().reduce(0) { sum, example in
      let row = logits[example.offset * classes..<(example.offset + 1) * classes]
      let total = row.reduce(0) { $0 + exp($1) }
      return sum + log(total) - row[row.startIndex + Int(example.element)]
    } / Double(labels.count)
  }
}
