import Records
import Testing

struct SimilarityTests {
  /// A number that equals a named level becomes that level, so that each task has only one name.
  @Test(arguments: [("0", "low"), ("0.0", "low"), ("1", "high"), ("1.0", "high")])
  func numbersOfLevels(text: String, label: String) {
    #expect(Similarity(text)?.label == label)
  }

  /// Other numbers in 0...1 keep their value, and their text is the label.
  @Test(arguments: [0.25, 0.5, 0.9])
  func otherNumbers(value: Double) {
    #expect(Similarity("\(value)")?.value == value)
    #expect(Similarity("\(value)")?.label == "\(value)")
  }

  /// Anything else is refused.
  @Test(arguments: ["", "High", "-0.1", "1.01", "nan", "inf", "0,5", "low "])
  func refused(text: String) {
    #expect(Similarity(text) == nil)
  }

  /// The level is the nearest of 0, 2/3 and 1, the lower one on a tie.
  @Test(arguments: [
    ("0.33", Similarity.Level.low), ("0.34", .medium), ("0.66", .medium), ("0.83", .medium),
    ("0.84", .high),
  ])
  func levels(text: String, level: Similarity.Level) {
    #expect(Similarity(text)?.level == level)
  }
}
