/// The layers of a new head: pooling to one vector per image, a hidden layer with ReLU, dropout,
/// logits.
public struct HeadDesign: Sendable, Hashable, Codable {
  /// The backbone group whose output the head reads; the layers after it are left out (default: the
  /// last group).
  ///
  /// The output is that of the group's last layer, or of an earlier one if later layers read more
  /// than that layer. Maps of more than 2,048 values are averaged over windows to a coarser grid of
  /// at most as many, unless ``pooling`` is set, and flattened.
  public var after: FeatureDepth?
  /// How feature maps of the backbone are pooled to one vector per image, or the tokens of a text
  /// to one per text (default: average; for a folder of sentence-transformers, what it says).
  ///
  /// An error for a backbone whose output is a vector already.
  public var pooling: FeaturePooling?
  /// The units of a hidden layer (default: no hidden layer).
  public var hiddenUnits: Int?
  /// Fraction of the values that is dropped before the last layer, in 0..<1.
  public var dropout = 0.0

  public init(
    after: FeatureDepth? = nil, pooling: FeaturePooling? = nil, hiddenUnits: Int? = nil,
    dropout: Double = 0
  ) {
    self.after = after
    self.pooling = pooling
    self.hiddenUnits = hiddenUnits
    self.dropout = dropout
  }
}

/// The backbone group at whose end features are taken.
public enum FeatureDepth: String, CaseIterable, Sendable, Codable {
  case early, middle, late

  /// The last group that is part of the network.
  package var group: LayerGroup {
    switch self {
    case .early: .early
    case .middle: .middle
    case .late: .late
    }
  }
}

/// How feature maps `[height, width, channels]` or the tokens of a text become one vector.
public enum FeaturePooling: String, CaseIterable, Sendable, Codable {
  /// The mean of each channel; of a text, over its tokens, without padding.
  case average
  /// The largest value of each channel; of a text, among its tokens, without padding.
  case maximum
  /// All values, in storage order; not for texts.
  case flatten
  /// The first token of a text, such as BERT's [CLS].
  case first
  /// The last token of a text, the only one that sees the whole text in GPT-2.
  case last
}

// Decoding uses the helper of DecodingDefaults.swift.

extension HeadDesign {
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      after: try values.decodeIfPresent(FeatureDepth.self, forKey: .after),
      pooling: try values.decodeIfPresent(FeaturePooling.self, forKey: .pooling),
      hiddenUnits: try values.decodeIfPresent(Int.self, forKey: .hiddenUnits),
      dropout: try values.value(.dropout, or: HeadDesign().dropout))
  }
}
