import Foundation
package import Tensors

/// Rows of features that stay where oneDNN wants them, for one linear map after another.
///
/// The rows are cut into chunks of one size that fit into the cache; the last is filled up with
/// rows of zeros, which add nothing to a gradient, whatever slope they are given. Products are in float32; the softmax and all sums over rows and
/// chunks are in double precision. A class because it owns buffers; not for use by two threads at
/// once.
package final class SoftmaxRows {
  package let count, features, classes: Int
  /// Bytes of all buffers.
  package let bytes: Int
  /// Floating-point operations so far (a multiply-add is two).
  package private(set) var flops = 0.0

  private struct Chunk {
    let rows: Range<Int>
    let forward, backward: Primitive
  }

  private let labels: [Int32]
  private let chunks: [Chunk]
  private let kernel, bias, logits, logitsGradient, kernelGradient: TensorBuffer

  /// What one pass over the rows yields.
  package struct Pass {
    /// Sum of the negative log-likelihoods, in nats.
    package var loss = 0.0
    /// Rows whose largest logit is that of the label (the first one on a tie).
    package var correct = 0
    /// Gradients of the *sum* of the losses; empty where none was asked for.
    package var kernelGradient: [Double] = []
    package var biasGradient: [Double] = []
  }

  /// - Parameters:
  ///   - rows: `[count, features]`.
  ///   - labels: `[count]`, each in 0..<classes.
  ///   - scale: how each feature is shifted and scaled on the way into the buffers.
  package init(
    _ rows: [Float], labels: [Int32], classes: Int, scale: FeatureScale? = nil
  ) throws(ComputeError) {
    let count = labels.count
    let features = rows.count / count
    // A quarter of a mebibyte of features, but rows enough for an efficient product.
    let most = min(max(65_536 / features, 64), 1024)
    let chunkCount = (count + most - 1) / most
    let size = (count + chunkCount - 1) / chunkCount
    func activations(_ channels: Int) throws(ComputeError) -> TensorBuffer {
      try TensorBuffer.activations(
        batch: size, shape: ImageShape(height: 1, width: 1, channels: channels))
    }
    logits = try activations(classes)
    logitsGradient = try activations(classes)
    bias = try TensorBuffer.vector(count: classes)
    var buffers = [logits, logitsGradient, bias]
    var chunks: [Chunk] = []
    var parameters: (kernel: TensorBuffer, gradient: TensorBuffer)?
    for start in stride(from: 0, to: count, by: size) {
      let range = start..<min(start + size, count)
      let source = try activations(features)
      source.withStorage { storage in
        for row in range {
          for j in 0..<features {
            let value = rows[row * features + j]
            storage[(row - start) * features + j] = scale?.scaled(value, feature: j) ?? value
          }
        }
      }
      // All chunks have one size, so that the layout chosen for the first fits the others.
      let kernel: TensorBuffer
      let gradient: TensorBuffer
      if let parameters {
        (kernel, gradient) = parameters
      } else {
        kernel = try TensorBuffer.denseKernel(
          from: source, to: logits, count: features * classes)
        gradient = try kernel.alike()
        parameters = (kernel, gradient)
      }
      buffers.append(source)
      chunks.append(
        Chunk(
          rows: range,
          forward: try Primitive.dense(
            source, kernel: kernel, bias: bias, to: logits, phase: .training),
          backward: try Primitive.denseParameterGradient(
            of: logitsGradient, source: source, kernelGradient: gradient, biasGradient: nil)))
    }
    // There is a chunk because there is a row.
    guard let parameters else { preconditionFailure("the caller hands over at least one row") }
    // The primitives run one after another, so that one scratchpad serves all.
    let primitives = chunks.flatMap { [$0.forward, $0.backward] }
    let scratchpad = try TensorBuffer.vector(
      count: primitives.reduce(4) { max($0, $1.scratchpadBytes + 3) } / 4)
    for primitive in primitives { try primitive.use(scratchpad: scratchpad) }
    (kernel, kernelGradient) = parameters
    (self.count, self.features, self.classes) = (count, features, classes)
    (self.labels, self.chunks) = (labels, chunks)
    bytes = (buffers + [kernel, kernelGradient, scratchpad]).reduce(
      primitives.reduce(0) { $0 + $1.ownBytes }
    ) { $0 + $1.bytes }
  }

  /// Loss and hits of a kernel `[features, classes]` and a bias `[classes]`.
  package func pass(
    kernel: [Float], bias: [Float], gradient wantsGradient: Bool
  ) throws(ComputeError) -> Pass {
    try self.kernel.pack(kernel)
    try self.bias.pack(bias)
    var pass = Pass()
    if wantsGradient {
      pass.kernelGradient = Array(repeating: 0, count: kernel.count)
      pass.biasGradient = Array(repeating: 0, count: classes)
    }
    for chunk in chunks {
      try chunk.forward.run()
      addSoftmax(of: chunk.rows, to: &pass, gradient: wantsGradient)
      guard wantsGradient else { continue }
      try chunk.backward.run()
      for (index, slope) in try kernelGradient.unpack().enumerated() {
        pass.kernelGradient[index] += Double(slope)
      }
    }
    flops += Double((wantsGradient ? 4 : 2) * count * kernel.count)
    return pass
  }

  /// Adds the losses of one chunk and leaves their gradient in `logitsGradient`.
  ///
  /// The label's own slope is the negative sum of the others: 1 minus a probability near 1 would
  /// lose all digits where the classes are separable.
  private func addSoftmax(of rows: Range<Int>, to pass: inout Pass, gradient wantsGradient: Bool) {
    var weights = [Double](repeating: 0, count: classes)
    logits.withStorage { logits in
      logitsGradient.withStorage { slopes in
        for (row, label) in labels[rows].enumerated() {
          let first = row * classes
          let label = Int(label)
          var best = 0
          for j in 1..<classes where logits[first + j] > logits[first + best] { best = j }
          let highest = Double(logits[first + best])
          var others = 0.0
          for j in 0..<classes where j != label {
            weights[j] = exp(Double(logits[first + j]) - highest)
            others += weights[j]
          }
          let margin = Double(logits[first + label]) - highest
          let own = exp(margin)
          let total = own + others
          // At margin 0 the label has weight 1, and log1p keeps the digits of a small rest.
          pass.loss += margin == 0 ? log1p(others) : log(total) - margin
          if best == label { pass.correct += 1 }
          guard wantsGradient else { continue }
          for j in 0..<classes {
            let slope = (j == label ? -others : weights[j]) / total
            slopes[first + j] = Float(slope)
            pass.biasGradient[j] += slope
          }
        }
      }
    }
  }
}
