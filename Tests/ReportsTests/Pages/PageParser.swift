import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The elements of a page or a figure, read by the XML parser of the system.
final class PageParser: NSObject, XMLParserDelegate {
  struct Element {
    let name: String
    let attributes: [String: String]
    /// The names of the elements around it, the outermost first.
    let path: [String]
    let frame: Frame
  }

  /// Where the coordinate system of an element begins, and how large its whole picture is.
  struct Frame {
    var x = 0.0
    var y = 0.0
    var width = 0.0
    var height = 0.0
  }

  private(set) var elements: [Element] = []
  private(set) var text = ""
  private var path: [String] = []
  private var frames: [Frame] = []

  /// - Throws: an error if the text is not well-formed XML.
  init(_ source: String) throws {
    super.init()
    let parser = XMLParser(data: Data(source.utf8))
    parser.delegate = self
    guard parser.parse() else {
      throw parser.parserError ?? CocoaError(.coderReadCorrupt)
    }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    let outer = frames.last
    elements.append(
      Element(name: name, attributes: attributes, path: path, frame: outer ?? Frame()))
    path.append(name)
    guard name == "svg" else { return }
    func number(_ name: String) -> Double { attributes[name].flatMap(Double.init) ?? 0 }
    var frame = outer ?? Frame(width: number("width"), height: number("height"))
    frame.x += number("x")
    frame.y += number("y")
    frames.append(frame)
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    path.removeLast()
    if name == "svg" { frames.removeLast() }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

  /// The coordinates of an element in its picture, as `(x, y)` of each of its corners; `nil` where
  /// a number is not finite.
  static func points(of element: Element) -> [(x: Double, y: Double)]? {
    func number(_ name: String) -> Double? {
      guard let text = element.attributes[name] else { return 0 }
      return Double(text).flatMap { $0.isFinite ? $0 : nil }
    }
    func both(_ x: String, _ y: String) -> (x: Double, y: Double)? {
      number(x).flatMap { x in number(y).map { (x, $0) } }
    }
    let found: [(x: Double, y: Double)?] =
      switch element.name {
      case "line": [both("x1", "y1"), both("x2", "y2")]
      case "circle": [both("cx", "cy")]
      case "text": element.attributes["transform"] == nil ? [both("x", "y")] : []
      case "rect":
        [
          both("x", "y"),
          both("x", "y").flatMap { start in
            both("width", "height").map { (start.x + $0.x, start.y + $0.y) }
          },
        ]
      case "path": path(element.attributes["d"] ?? "")
      default: []
      }
    guard !found.contains(where: { $0 == nil }) else { return nil }
    return found.compactMap { $0 }.map { ($0.x + element.frame.x, $0.y + element.frame.y) }
  }

  /// The corners of a path of absolute moves, lines, and horizontal and vertical lines.
  private static func path(_ data: String) -> [(x: Double, y: Double)?] {
    var points: [(x: Double, y: Double)?] = []
    var at = (x: 0.0, y: 0.0)
    for match in data.matches(of: /([MLHVZ])([^MLHVZ]*)/) {
      let numbers = match.2.split(separator: ",").map { Double($0) }
      switch (match.1, numbers.count) {
      case ("M", 2), ("L", 2):
        guard let x = numbers[0], let y = numbers[1] else { return [nil] }
        at = (x, y)
      case ("H", 1):
        guard let x = numbers[0] else { return [nil] }
        at.x = x
      case ("V", 1):
        guard let y = numbers[0] else { return [nil] }
        at.y = y
      case ("Z", 0): continue
      default: return [nil]
      }
      points.append(at)
    }
    return points
  }
}
