import Tensors

/// A layer with a trained addition to its kernel, which is never trained itself.
protocol AdaptedLayer: FoldingLayer {
  /// The layer without the addition.
  var plain: any Layer { get }
  /// The roles of the parameters of the addition.
  var additionRoles: Set<String> { get }
  /// The kernel with its addition, in the order of the files.
  ///
  /// - Parameter values: returns the values of a parameter of the layer.
  func mergedKernel(_ values: (String) -> [Float]) -> [Float]
}

extension AdaptedLayer {
  /// The bytes of working memory of a training step, which computes the effective kernel at another
  /// time than the plain layer's steps run.
  func workingBytesOfBoth(batch: Int, input: ImageShape, threads: Int) -> Int {
    let values = parameters(for: input).filter { $0.role != "bias" }.reduce(0) { $0 + $1.count }
    let merging = values * MemoryLayout<Float>.stride
    let alone = plain.workingBytes(batch: batch, input: input, threads: 1)
    return plain.workingBytes(batch: batch, input: input, threads: threads)
      + max(merging - alone, 0)
  }
}
