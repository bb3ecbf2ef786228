/// The tokens that a network reads, as far as they are known.
package struct TokenInput: Sendable, Hashable {
  /// Ids are below this number; `nil` if that is not known.
  package var vocabulary: Int?
  /// Types are below this number, and 0 for a network without types; `nil` if it is not known.
  package var types: Int?
  /// The most tokens of a text; `nil` if there is no limit.
  package var largestLength: Int?
  /// The number of places of a text after reading; `nil` for as many as the longest one needs.
  package var length: Int?
  /// The id of padding; `nil` if it is not known.
  package var padding: Int?
  /// Whether padding may come first, as for networks that do not count places.
  package var allowsLeftPadding: Bool

  package init(
    vocabulary: Int? = nil, types: Int? = nil, largestLength: Int? = nil, padding: Int? = nil,
    allowsLeftPadding: Bool = true
  ) {
    self.vocabulary = vocabulary
    self.types = types
    self.largestLength = largestLength
    self.padding = padding
    self.allowsLeftPadding = allowsLeftPadding
  }
}

/// The lengths and ids of the texts of a set.
package struct TokenSummary: Sendable, Hashable {
  /// The number of tokens of the longest text, of the median, and their mean.
  package let longest, median: Int
  package let mean: Double
  package let largestID: Int

  init(lengths: [Int], largestID: Int) {
    let sorted = lengths.sorted()
    longest = sorted.last ?? 0
    median = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    mean = sorted.isEmpty ? 0 : Double(sorted.reduce(0, +)) / Double(sorted.count)
    self.largestID = largestID
  }
}
