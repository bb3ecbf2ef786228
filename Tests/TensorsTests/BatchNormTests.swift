import Tensors
import Testing

/// Batch normalization, what follows it, and the gradients, against double precision.
struct BatchNormTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let height, width, channels: Int
    let statistics: NormalizationStatistics
    let follower: NormalizationFollower
    var testDescription: String { "\(height)x\(width)x\(channels), \(statistics), \(follower)" }
  }

  static let cases = [(2, 2, 5), (5, 7, 3), (8, 8, 16), (9, 4, 70)].flatMap {
    height, width, channels in
    [NormalizationStatistics.batch, .given].flatMap { statistics in
      [NormalizationFollower.nothing, .relu, .reluAndPooling].map {
        Case(
          height: height, width: width, channels: channels, statistics: statistics, follower: $0)
      }
    }
  }

  private static let batch = 3
  private static let epsilon = 1e-3

  @Test(arguments: cases)
  func normalizes(_ normalization: Case) throws {
    let channels = normalization.channels
    let shape = ImageShape(
      height: normalization.height, width: normalization.width, channels: channels)
    let pools = normalization.follower == .reluAndPooling
    let output =
      pools
      ? ImageShape(height: shape.height / 2, width: shape.width / 2, channels: channels) : shape
    let values = normalNumbers(Self.batch * shape.count, seed: 1).map { 3 * $0 + 1 }
    let source = try TensorBuffer.activations(batch: Self.batch, shape: shape)
    source.fill(values)
    let gamma = normalNumbers(channels, seed: 2)
    let beta = normalNumbers(channels, seed: 3)
    let mean = normalNumbers(channels, seed: 4)
    let variance = normalNumbers(channels, seed: 5).map { 1 + $0 * $0 }
    let buffers = BatchNormBuffers(
      gamma: try vector(gamma), beta: try vector(beta), mean: try vector(mean),
      variance: try vector(variance))
    let destination = try TensorBuffer.activations(batch: Self.batch, shape: output)
    let (forward, positions) = try Primitive.batchNorm(
      source, buffers, to: destination, epsilon: Float(Self.epsilon),
      statistics: normalization.statistics, then: normalization.follower)
    try run(forward)

    let slopes = normalNumbers(Self.batch * output.count, seed: 6)
    let gradient = try TensorBuffer.activations(batch: Self.batch, shape: output)
    gradient.fill(slopes)
    let sourceGradient = try TensorBuffer.activations(batch: Self.batch, shape: shape)
    let (toGamma, toBeta) = (try vector(gamma), try vector(beta))
    try run(
      .batchNormGradient(
        of: gradient, source: source, buffers, to: sourceGradient, gammaGradient: toGamma,
        betaGradient: toBeta, epsilon: Float(Self.epsilon), statistics: normalization.statistics,
        followedBy: normalization.follower, positions: positions))

    let expected = Reference(
      values, shape: shape, gamma: gamma, beta: beta,
      statistics: normalization.statistics == .batch ? nil : (mean, variance),
      epsilon: Self.epsilon)
    let result = expected.result(normalization.follower)
    #expect(agree(destination.contents, result.values, to: 1e-5))
    let slopesBefore = result.slopes(slopes.map(Double.init))
    let found = expected.gradients(slopesBefore)
    #expect(agree(sourceGradient.contents, found.source, to: 2e-5))
    #expect(agree(try toGamma.unpack(), found.gamma, to: 2e-5))
    #expect(agree(try toBeta.unpack(), found.beta, to: 2e-5))
  }

  /// The variance of channels far from zero is as exact as that of others, and that of a constant
  /// channel is zero.
  @Test func statistics() throws {
    let shape = ImageShape(height: 16, width: 16, channels: 3)
    let noise = normalNumbers(4 * shape.count, seed: 1)
    let values = noise.enumerated().map { index, value in
      switch index % 3 {
      case 0: 1e4 + value
      case 1: 7.25 as Float
      default: value
      }
    }
    let source = try TensorBuffer.activations(batch: 4, shape: shape)
    source.fill(values)
    let ones = [Float](repeating: 1, count: 3)
    let buffers = BatchNormBuffers(
      gamma: try vector(ones), beta: try vector(ones), mean: try vector(ones),
      variance: try vector(ones))
    let destination = try TensorBuffer.activations(batch: 4, shape: shape)
    try run(
      Primitive.batchNorm(
        source, buffers, to: destination, epsilon: 1e-3, statistics: .batch, then: .nothing
      ).0)
    let expected = Reference(
      values, shape: shape, gamma: ones, beta: ones, statistics: nil, epsilon: 1e-3)
    let variance = try buffers.variance.unpack()
    #expect(abs(Double(variance[0]) / expected.variance[0] - 1) < 1e-3)
    #expect(variance[1] == 0)
    #expect(try buffers.mean.unpack()[1] == 7.25)
    #expect(abs(Double(variance[2]) / expected.variance[2] - 1) < 1e-5)
  }

  private func run(_ primitive: Primitive) throws {
    if primitive.scratchpadBytes > 0 {
      try primitive.use(scratchpad: .vector(count: (primitive.scratchpadBytes + 3) / 4))
    }
    try primitive.run()
  }
}

/// Batch normalization in double precision.
private struct Reference {
  let values: [Double]
  let shape: ImageShape
  let gamma, beta: [Double]
  let epsilon: Double
  let isOfBatch: Bool
  let mean, variance: [Double]

  init(
    _ values: [Float], shape: ImageShape, gamma: [Float], beta: [Float],
    statistics: (mean: [Float], variance: [Float])?, epsilon: Double
  ) {
    let values = values.map(Double.init)
    let channels = shape.channels
    func mean(_ channel: Int, _ of: (Double) -> Double) -> Double {
      let members = stride(from: channel, to: values.count, by: channels).map { of(values[$0]) }
      return members.reduce(0, +) / Double(members.count)
    }
    self.values = values
    self.shape = shape
    self.gamma = gamma.map(Double.init)
    self.beta = beta.map(Double.init)
    self.epsilon = epsilon
    isOfBatch = statistics == nil
    let means = statistics?.mean.map(Double.init) ?? (0..<channels).map { mean($0) { $0 } }
    self.mean = means
    variance =
      statistics?.variance.map(Double.init)
      ?? (0..<channels).map { channel in
        mean(channel) { ($0 - means[channel]) * ($0 - means[channel]) }
      }
  }

  private func normalized(_ index: Int) -> Double {
    let channel = index % shape.channels
    return (values[index] - mean[channel]) / (variance[channel] + epsilon).squareRoot()
  }

  /// The result, and where each of its values comes from: the index of a normalized value, or `nil`
  /// for the zero of a ReLU.
  struct Result {
    let values: [Double]
    let origins: [Int?]
    let count: Int

    /// The gradient of the normalized values, given that of the result.
    func slopes(_ slopes: [Double]) -> [Double] {
      var before = [Double](repeating: 0, count: count)
      for (origin, slope) in zip(origins, slopes) {
        if let origin { before[origin] += slope }
      }
      return before
    }
  }

  func result(_ follower: NormalizationFollower) -> Result {
    let all = values.indices.map {
      gamma[$0 % shape.channels] * normalized($0) + beta[$0 % shape.channels]
    }
    switch follower {
    case .nothing: return Result(values: all, origins: Array(all.indices), count: all.count)
    case .relu:
      return Result(
        values: all.map { max($0, 0) }, origins: all.indices.map { all[$0] > 0 ? $0 : nil },
        count: all.count)
    case .reluAndPooling:
      var origins: [Int?] = []
      let images = all.count / shape.count
      for image in 0..<images {
        for row in 0..<shape.height / 2 {
          for column in 0..<shape.width / 2 {
            for channel in 0..<shape.channels {
              let window = [(0, 0), (0, 1), (1, 0), (1, 1)].map { y, x in
                ((image * shape.height + 2 * row + y) * shape.width + 2 * column + x)
                  * shape.channels + channel
              }
              let largest = window.reduce(window[0]) { all[$1] > all[$0] ? $1 : $0 }
              origins.append(all[largest] > 0 ? largest : nil)
            }
          }
        }
      }
      return Result(
        values: origins.map { $0.map { all[$0] } ?? 0 }, origins: origins, count: all.count)
    }
  }

  /// The gradients of source, gamma and beta, given that of the normalized values (Ioffe and
  /// Szegedy 2015, section 3).
  func gradients(_ slopes: [Double]) -> (source: [Double], gamma: [Double], beta: [Double]) {
    let channels = shape.channels
    var (toGamma, toBeta) = (
      [Double](repeating: 0, count: channels), [Double](repeating: 0, count: channels)
    )
    for (index, slope) in slopes.enumerated() {
      toGamma[index % channels] += slope * normalized(index)
      toBeta[index % channels] += slope
    }
    let rows = Double(values.count / channels)
    let source = slopes.enumerated().map { index, slope in
      let channel = index % channels
      let scale = gamma[channel] / (variance[channel] + epsilon).squareRoot()
      guard isOfBatch else { return scale * slope }
      return scale
        * (slope - toBeta[channel] / rows - normalized(index) * toGamma[channel] / rows)
    }
    return (source, toGamma, toBeta)
  }
}
