import Tensors
import Testing
import Transfer

struct LinearProbeTests {
  private static let strengths = Array(0..<5)

  /// The loss is that of scikit-learn's `StandardScaler` and `LogisticRegression` with the same C,
  /// weak and strong.
  @Test(arguments: ["multinomial", "binary"], strengths)
  func lossAgreesWithScikitLearn(problem: String, index: Int) throws {
    let fixture = try LogisticFixture(problem)
    let probe = try fixture.probe(index)
    #expect(probe.converged)
    #expect(abs(probe.loss / fixture.losses[index] - 1) < 1e-6)
  }

  /// For C up to 1 the coefficients for the features as given are scikit-learn's as well.
  @Test(arguments: strengths[..<3])
  func coefficientsAgreeWithScikitLearn(index: Int) throws {
    let fixture = try LogisticFixture("multinomial")
    let probe = try fixture.probe(index)
    let (kernel, bias) = (fixture.kernels[index], fixture.biases[index])
    #expect(probe.kernel.shape == [fixture.width, fixture.classes])
    #expect(norm(zip(probe.kernel.values, kernel).map { Double($0) - $1 }) < 1e-4 * norm(kernel))
    #expect(norm(zip(probe.bias.values, bias).map { Double($0) - $1 }) < 1e-4 * norm(bias))
  }

  /// For two classes the difference of the columns is scikit-learn's one vector.
  @Test(arguments: strengths)
  func binaryCoefficientsAgreeWithScikitLearn(index: Int) throws {
    let fixture = try LogisticFixture("binary")
    let values = try fixture.probe(index).kernel.values
    let difference = (0..<fixture.width).map { Double(values[2 * $0 + 1] - values[2 * $0]) }
    let kernel = fixture.kernels[index]
    #expect(norm(zip(difference, kernel).map { $0 - $1 }) < 1e-4 * norm(kernel))
  }

  /// The gradient of the summed loss is that of finite differences, over several chunks of rows.
  @Test func gradient() throws {
    let (features, labels) = normalClasses(count: 2500, features: 3, classes: 3, distance: 1)
    let rows = try SoftmaxRows(features, labels: labels, classes: 3)
    let kernel: [Float] = [0.5, -1, 0.25, 0.125, 2, -0.5, -0.25, 1, 0.75]
    let bias: [Float] = [0.25, -0.5, 0]
    let pass = rows.pass(kernel: kernel, bias: bias, gradient: true)
    func slope(_ move: (Float) -> (kernel: [Float], bias: [Float])) -> Double {
      let step: Float = 0x1p-7
      let (up, down) = (move(step), move(-step))
      let difference =
        rows.pass(kernel: up.kernel, bias: up.bias, gradient: false).loss
        - rows.pass(kernel: down.kernel, bias: down.bias, gradient: false).loss
      return difference / Double(2 * step)
    }
    for index in kernel.indices {
      let expected = slope {
        var moved = kernel
        moved[index] += $0
        return (moved, bias)
      }
      #expect(abs(pass.kernelGradient[index] - expected) < 0.05, "kernel \(index)")
    }
    for index in bias.indices {
      let expected = slope {
        var moved = bias
        moved[index] += $0
        return (kernel, moved)
      }
      #expect(abs(pass.biasGradient[index] - expected) < 0.05, "bias \(index)")
    }
  }

  /// At the solution the gradient of the documented objective in standardized features vanishes.
  @Test func stationary() throws {
    let fixture = try LogisticFixture("multinomial")
    let probe = try fixture.probe(2)
    let scale = FeatureScale(of: fixture.features, features: fixture.width)
    let rows = try SoftmaxRows(fixture.features, labels: fixture.labels, classes: fixture.classes)
    let pass = rows.pass(
      kernel: probe.kernel.values, bias: probe.bias.values, gradient: true)
    let count = Double(fixture.labels.count)
    #expect(pass.biasGradient.allSatisfy { abs($0 / count) < 1e-5 })
    for index in probe.kernel.values.indices {
      let (j, k) = (index / fixture.classes, index % fixture.classes)
      // The standardized feature is (x - mean) / deviation, and its weight the given one's ×
      // deviation.
      let slope =
        (pass.kernelGradient[index] - scale.mean[j] * pass.biasGradient[k])
        / (scale.deviation[j] * count)
      let weight = Double(probe.kernel.values[index]) * scale.deviation[j]
      #expect(abs(slope + weight / (probe.strength * count)) < 1e-5)
    }
  }

  /// The loss is the mean log-loss plus the penalty of the kernel for standardized features.
  @Test func lossAndPenalty() throws {
    let fixture = try LogisticFixture("multinomial")
    let probe = try fixture.probe(1)
    let scale = FeatureScale(of: fixture.features, features: fixture.width)
    let squares = probe.kernel.values.enumerated().reduce(0) { sum, weight in
      let standardized = Double(weight.element) * scale.deviation[weight.offset / fixture.classes]
      return sum + standardized * standardized
    }
    let penalty = squares / (2 * probe.strength * Double(fixture.labels.count))
    #expect(abs(probe.logLoss + penalty - probe.loss) < 1e-6)
    let score = try probe.score(features: fixture.features, labels: fixture.labels)
    #expect(abs(score.logLoss - probe.logLoss) < 1e-5)
  }

  /// Separable classes with hardly any penalty give finite numbers and no training error.
  @Test func separable() throws {
    let (features, labels) = normalClasses(count: 90, features: 6, classes: 3, distance: 12)
    let probe = try LinearProbe.fit(
      features: features, labels: labels, classes: 3, strength: 1e8)
    #expect(probe.converged)
    #expect(probe.loss < 1e-4)
    #expect((probe.kernel.values + probe.bias.values).allSatisfy { $0.isFinite })
    #expect(try probe.score(features: features, labels: labels).accuracy == 1)
  }

  /// A class without examples becomes improbable and leaves the others as they are without it.
  @Test func missingClass() throws {
    let fixture = try LogisticFixture("multinomial")
    let wider = try LinearProbe.fit(
      features: fixture.features, labels: fixture.labels, classes: fixture.classes + 1,
      strength: fixture.strengths[1])
    #expect(wider.converged)
    #expect(wider.bias.values.allSatisfy { $0.isFinite })
    #expect(abs(wider.loss / fixture.losses[1] - 1) < 1e-4)
  }

  /// A constant feature gets no weight, and the rest is fitted as without it.
  @Test func constantFeature() throws {
    let (features, labels) = normalClasses(count: 60, features: 2, classes: 2, distance: 1)
    let widened: [Float] = labels.indices.flatMap { [features[2 * $0], 5, features[2 * $0 + 1]] }
    let narrow = try LinearProbe.fit(features: features, labels: labels, classes: 2, strength: 1)
    let wide = try LinearProbe.fit(features: widened, labels: labels, classes: 2, strength: 1)
    #expect(wide.kernel.values[2..<4] == [0, 0])
    #expect(abs(wide.loss - narrow.loss) < 1e-6)
  }

  /// A feature that differs by rounding errors alone gets no weight: standardized, they would be as
  /// large as any other.
  @Test func nearlyConstantFeature() throws {
    let (features, labels) = normalClasses(count: 60, features: 2, classes: 2, distance: 1)
    let widened: [Float] = labels.indices.flatMap { row -> [Float] in
      [features[2 * row], row % 3 == 0 ? Float(5).nextUp : 5, features[2 * row + 1]]
    }
    let probe = try LinearProbe.fit(features: widened, labels: labels, classes: 2, strength: 1)
    #expect(probe.kernel.values[2..<4] == [0, 0])
    #expect((probe.kernel.values + probe.bias.values).allSatisfy { abs($0) < 100 })
  }

  /// Offsets and units of features do not matter: powers of two leave the same probe but for its
  /// own units.
  @Test func units() throws {
    let (features, labels) = normalClasses(count: 300, features: 3, classes: 3, distance: 2)
    let scales: [Float] = [0x1p-10, 1, 0x1p10]
    let moved = features.enumerated().map { ($1 + 16) * scales[$0 % 3] }
    let plain = try LinearProbe.fit(features: features, labels: labels, classes: 3, strength: 1)
    let scaled = try LinearProbe.fit(features: moved, labels: labels, classes: 3, strength: 1)
    #expect(scaled.converged && scaled.iterations < 100)
    #expect(abs(scaled.loss / plain.loss - 1) < 1e-5)
    for (index, weight) in scaled.kernel.values.enumerated() {
      #expect(abs(weight * scales[index / 3] - plain.kernel.values[index]) < 1e-3)
    }
  }

  /// Correlated features take few iterations: 31 as counted with AVX-512, where 47 are needed
  /// without the correlations in the preconditioner.
  @Test func correlatedFeatures() throws {
    let (sources, labels) = normalClasses(count: 1500, features: 30, classes: 5, distance: 1)
    var generator = CounterGenerator(seed: 3)
    let mixing = (0..<30 * 40).map { _ in generator.normal() }
    var features: [Float] = []
    for row in labels.indices {
      for j in 0..<40 {
        var sum: Float = 0
        for i in 0..<30 { sum += sources[row * 30 + i] * mixing[i * 40 + j] }
        features.append(max(0, sum))
      }
    }
    let probe = try LinearProbe.fit(features: features, labels: labels, classes: 5, strength: 1)
    #expect(probe.converged)
    #expect(probe.iterations <= 38)
  }

  /// Two fits of the same examples have the same bits.
  @Test func repeatable() throws {
    let fixture = try LogisticFixture("multinomial")
    #expect(try fixture.probe(2).kernel == fixture.probe(2).kernel)
  }

  /// A multiply-add is two operations: two per example and weight for the logits, two for their
  /// gradient, once for every evaluation; the correlations of these features cost as much as two.
  @Test func flops() throws {
    let fixture = try LogisticFixture("binary")
    let probe = try fixture.probe(2)
    let evaluation = Double(4 * fixture.features.count * fixture.classes)
    #expect(probe.flops >= evaluation * Double(probe.iterations + 1))
    #expect(probe.flops.truncatingRemainder(dividingBy: evaluation) == 0)
  }
}

extension LogisticFixture {
  fileprivate func probe(_ index: Int) throws -> LinearProbe {
    try LinearProbe.fit(
      features: features, labels: labels, classes: classes, strength: strengths[index])
  }
}
