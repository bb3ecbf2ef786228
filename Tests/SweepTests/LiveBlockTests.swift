import Sweep
import Testing

/// Lines that are redrawn in place, on a small model of a terminal.
@Suite struct LiveBlockTests {
  /// A terminal of some width that interprets text and the control sequences of the block.
  private struct Terminal {
    let width: Int
    var rows: [[Character]] = [[]]
    private var row = 0
    private var column = 0
    /// Whether any other sequence was written, or the cursor went too far.
    private(set) var isConfused = false

    init(width: Int) { self.width = width }

    var lines: [String] { rows.map { String($0) } }

    mutating func write(_ text: String) {
      var rest = Array(text.unicodeScalars.map(Character.init))[...]
      while let character = rest.popFirst() {
        switch character {
        case "\r": column = 0
        case "\n":
          row += 1
          if row == rows.count { rows.append([]) }
        case "\u{1B}": control(&rest)
        default: put(character)
        }
      }
    }

    private mutating func put(_ character: Character) {
      if column == width {
        column = 0
        row += 1
        if row == rows.count { rows.append([]) }
      }
      while rows[row].count <= column { rows[row].append(" ") }
      rows[row][column] = character
      column += 1
    }

    private mutating func control(_ rest: inout ArraySlice<Character>) {
      guard rest.popFirst() == "[" else { return isConfused = true }
      let number = rest.prefix { $0.isNumber }
      rest = rest.dropFirst(number.count)
      switch rest.popFirst() {
      case "A":
        row -= Int(String(number)) ?? 1
        if row < 0 { (row, isConfused) = (0, true) }
      case "K": rows[row] = Array(rows[row].prefix(column))
      case "J":
        rows[row] = Array(rows[row].prefix(column))
        rows = Array(rows.prefix(row + 1))
      default: isConfused = true
      }
    }
  }

  private func screen(_ frames: [(passing: [String], lines: [String])], width: Int = 40) -> [String]
  {
    var terminal = Terminal(width: width)
    var block = LiveBlock()
    for frame in frames {
      terminal.write(block.frame(passing: frame.passing, lines: frame.lines, width: width))
    }
    #expect(!terminal.isConfused)
    return terminal.lines
  }

  /// The last frame is visible, whatever was shown before.
  @Test func inPlace() {
    #expect(screen([([], ["one", "total 1"]), ([], ["other", "t 2"])]) == ["other", "t 2"])
  }

  /// The block may grow and shrink.
  @Test func heights() {
    #expect(
      screen([([], ["a"]), ([], ["a", "b", "c"]), ([], ["d", "e"])]) == ["d", "e"])
  }

  /// Permanent lines stay above the block, in order, without remains of the block among them.
  @Test func passingLines() {
    let frames = [
      ([], ["worker 1", "worker 2", "total"]),
      (["first"], ["worker 1", "worker 2", "total"]), (["second", "third"], ["w", "total"]),
    ]
    #expect(screen(frames) == ["first", "second", "third", "w", "total"])
  }

  /// At the end the block is gone and permanent lines stay; the cursor is on an empty line.
  @Test func end() {
    #expect(screen([(["first"], ["w", "total"]), ([], [])]) == ["first", ""])
    #expect(screen([([], ["w", "total"]), (["last"], [])]) == ["last", ""])
  }

  /// A permanent line may be longer than the terminal is wide.
  @Test func longPassingLine() {
    #expect(
      screen([([], ["w", "t"]), (["123456789"], ["w", "t"]), ([], ["x", "y"])], width: 8)
        == ["12345678", "9", "x", "y"])
  }

  /// A frame that shows nothing on an empty screen writes nothing.
  @Test func nothing() {
    var block = LiveBlock()
    #expect(block.frame(lines: [], width: 80) == "")
  }

  /// A terminal that has become narrower has wrapped the old lines: they are overwritten
  /// nevertheless.
  @Test func narrower() {
    var block = LiveBlock()
    _ = block.frame(lines: ["1234567", "total"], width: 10)
    // Each line now has two rows: from the last row to the first, the cursor moves up three.
    #expect(block.frame(lines: ["12", "t"], width: 4).hasPrefix("\r\u{1B}[3A"))
  }
}
