package import Records

/// A trained addition of low rank to a frozen kernel: LoRA, Hu, Shen, Wallis, Allen-Zhu, Li, Wang,
/// Wang and Chen, "LoRA: Low-Rank Adaptation of Large Language Models", ICLR 2022.
///
/// The effective kernel is W + alpha / rank × down × up, where the rows of W are its inputs, all
/// pixels of the window included, and its columns are its outputs: down is [rows, rank], up is
/// [rank, columns]. For a convolution this is a convolution of the same window to `rank` channels
/// and one of single pixels to the outputs, as in the library peft.
///
/// Down starts uniform in ±1 / sqrt(rows), as in peft, and up at zero, so that the layer starts as
/// it was.
package struct LowRankAddition: Sendable, Hashable {
  /// Number of columns of the first factor, at least 1.
  package let rank: Int
  /// The factor on the addition, multiplied by the rank; above 0.
  package let alpha: Float

  package init(_ adapters: LowRankAdapters) {
    rank = adapters.rank
    alpha = Float(adapters.alpha)
  }

  var scale: Float { alpha / Float(rank) }

  /// The parameters of the factors.
  func parameters(
    down: [Int], up: [Int], rows: Int
  ) -> [ParameterSpecification] {
    [
      // This limit is 1 / sqrt(rows).
      ParameterSpecification(
        LowRankRole.down, shape: down, startingAt: .glorotUniform(fanIn: rows, fanOut: 5 * rows)),
      ParameterSpecification(LowRankRole.up, shape: up, startingAt: .zeros),
    ]
  }

  /// The effective kernel in the order of the files.
  func merged(_ values: (String) -> [Float], columns: Int) -> [Float] {
    var kernel = values("kernel")
    let (down, up) = (values(LowRankRole.down), values(LowRankRole.up))
    for row in 0..<kernel.count / columns {
      for factor in 0..<rank {
        let weight = scale * down[row * rank + factor]
        for column in 0..<columns {
          kernel[row * columns + column] += weight * up[factor * columns + column]
        }
      }
    }
    return kernel
  }
}

/// The names of the two factors among the parameters of a layer.
package enum LowRankRole {
  /// The factor that reads the inputs, `[rows, rank]`.
  package static let down = "lora_down"
  /// The factor that writes the outputs, `[rank, columns]`.
  package static let up = "lora_up"
}
