/// What a text for people is laid out for: a file or pipe, or a terminal of some width.
package struct TextLayout: Sendable {
  /// The columns of the terminal; `nil` if lines may have any length.
  package let width: Int?
  /// Whether everything is explained and listed, and not only the most important.
  package let isVerbose: Bool
  /// What asks for a verbose text, such as an option; `nil` if there is no such thing.
  let request: String?

  /// - Parameters:
  ///   - width: the columns of the terminal, at least 20; `nil` for any number.
  ///   - request: what asks for a verbose text, for hints.
  package init(width: Int? = nil, isVerbose: Bool = false, request: String? = nil) {
    self.width = width.map { max(20, $0) }
    self.isVerbose = isVerbose
    self.request = request
  }

  /// The layout of files and pipes.
  package static let file = TextLayout()

  /// The columns of a paragraph.
  ///
  /// - Parameter most: the most that are read comfortably.
  func prose(_ most: Int) -> Int { min(most, width ?? most) }

  /// Whether a legend names the marks only: on a terminal, unless everything is explained.
  var hasShortLegend: Bool { width != nil && !isVerbose }
}
