import Records
import Testing

/// Similarities of tasks with a kind of shift.
struct ShiftTests {
  /// A kind comes before the similarity, which keeps its value.
  @Test(
    arguments: [
      ("input-0.5", Shift.input, 0.5, "input-0.5"), ("feature-low", .feature, 0, "feature-low"),
      ("output-1", .output, 1, "output-high"),
    ] as [(String, Shift, Double, String)])
  func reading(text: String, kind: Shift, value: Double, label: String) {
    let similarity = Similarity(text)
    #expect(similarity?.shift == kind)
    #expect(similarity?.value == value)
    #expect(similarity?.label == label)
    #expect(similarity == Similarity("\(value)")?.with(kind))
    #expect(similarity?.with(nil) == Similarity("\(value)"))
  }

  @Test(arguments: ["input", "input-", "input-2", "input-input-0.5", "style-0.5", "-0.5", "all-1"])
  func refused(text: String) {
    #expect(Similarity(text) == nil)
  }

  /// A kind is another position of the axis, with its own text in files; without a kind the text is
  /// that of earlier versions.
  @Test func text() throws {
    let plain = try #require(Similarity("0.5"))
    let shifted = plain.with(.input)
    #expect(plain != shifted)
    #expect(try CanonicalJSON.encode(plain) == #"{"label":"0.5","value":0.5}"#)
    let text = try CanonicalJSON.encode(shifted)
    #expect(text == #"{"label":"input-0.5","shift":"input","value":0.5}"#)
    #expect(CanonicalJSON.decode(Similarity.self, from: text) == shifted)
    #expect(Similarity.task("input-0.5", value: 0.5).shift == nil)
  }
}
