import Records

extension OptionValues {
  /// The strengths of L2-SP: one number for pretrained weights, or two, of which the second is for
  /// new layers.
  static func penalty(_ text: String) throws -> PenaltyStrengths {
    let strengths = try settings(text, option: "--l2sp", example: "0.1,0.01")
    guard let pretrained = strengths.first, strengths.count <= 2 else {
      throw refused("--l2sp", "'\(text)' is not one or two numbers", "Example: --l2sp 0.1,0.01")
    }
    return PenaltyStrengths(pretrained: pretrained, new: strengths.dropFirst().first ?? 0)
  }

  /// Rank and, after a comma, alpha of low-rank additions.
  static func lowRank(_ text: String) throws -> LowRankAdapters {
    let values = try settings(text, option: "--lora", example: "4,8")
    guard let first = values.first, let rank = Int(exactly: first), values.count <= 2 else {
      throw refused(
        "--lora", "'\(text)' is not a whole number and at most one more number",
        "Example: --lora 4,8")
    }
    return LowRankAdapters(rank: rank, alpha: values.dropFirst().first)
  }

  /// Random changes of images, separated by commas.
  static func augmentation(_ text: String) throws -> Augmentation {
    var result = Augmentation()
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = word.split(separator: "=", maxSplits: 1)
      let number = parts.count == 2 ? Double(parts[1]) : nil
      switch (parts.first.map(String.init) ?? "", number, parts.count) {
      case ("shift", let number?, _): result.shift = try pixels(number, word)
      case ("flip", nil, 1): result.flip = true
      case ("rotate", nil, 1): result.rotation = true
      case ("noise", let number?, _): result.noise = number
      case ("cutout", let number?, _): result.cutout = try pixels(number, word)
      default: throw refusedAugmentation("'\(word)' is unknown")
      }
    }
    return result
  }

  private static func pixels(_ number: Double, _ word: Substring) throws -> Int {
    guard let pixels = Int(exactly: number) else {
      throw refusedAugmentation("'\(word)' is not a whole number")
    }
    return pixels
  }

  private static func refusedAugmentation(_ reason: String) -> Failure {
    refused("--augment", reason, "Example: --augment shift=1,flip,rotate,noise=0.1,cutout=4")
  }
}
