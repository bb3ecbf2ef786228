import Reports
import Testing

/// Markup of hostile texts.
struct MarkupTests {
  private func attribute(_ text: String) -> String {
    Markup.element("a", ["title": text]).source
  }

  /// What is markup is escaped, in texts and in attributes.
  @Test func escapes() {
    #expect(
      Markup.text("<b> & \"x\" 'y' ]]>").source
        == "&lt;b&gt; &amp; &quot;x&quot; &#39;y&#39; ]]&gt;")
    #expect(attribute("\"><script>") == "<a title=\"&quot;&gt;&lt;script&gt;\"/>")
  }

  /// A quote followed by a combining mark is one character, and is escaped all the same.
  @Test func combiningMarks() {
    let name = "cat\"\u{301} onmouseover=alert(1) x=\"\u{301}"
    #expect(name.count < name.unicodeScalars.count)
    let source = attribute(name)
    #expect(source.unicodeScalars.count { $0 == "\"" } == 2)
    #expect(source.unicodeScalars.contains("\u{301}"))
  }

  /// What XML forbids, other controls and what changes the direction of the text are left out.
  @Test func leftOut() {
    let forbidden = "a\u{0}\u{8}\u{1B}[2J\u{7F}\u{85}\u{202E}\u{2066}\u{200F}\u{FFFE}\u{1FFFF}b"
    #expect(Markup.text(forbidden).source == "a[2Jb")
    #expect(Markup.text("a\t\nb\r\n").source == "a\t\nb\n")
    #expect(Markup.text("عربى 漢字 é 👩‍🚀").source == "عربى 漢字 é 👩‍🚀")
  }

  /// Attributes without a value are left out, and elements contain what they are given.
  @Test func elements() {
    #expect(
      Markup.element("g", ["id": nil, "class": "a"], "x < y").source
        == "<g class=\"a\">x &lt; y</g>")
    let parts: Markup = ["a", .element("br"), "b"]
    #expect(Markup.element("p", [:], parts).source == "<p>a<br/>b</p>")
  }
}
