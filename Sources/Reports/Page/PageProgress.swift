/// How far the measurements are that a page shows while they go on.
package struct PageProgress: Sendable, Hashable {
  private let endedCount, plannedCount: Int
  private let seconds: Int

  /// - Parameter seconds: The time after which a browser reads the page again.
  package init(endedCount: Int, plannedCount: Int, seconds: Int) {
    (self.endedCount, self.plannedCount, self.seconds) = (endedCount, plannedCount, seconds)
  }

  /// Makes browsers read the page again.
  var refresh: Markup {
    Markup.element("meta", ["http-equiv": "refresh", "content": "\(seconds)"])
  }

  /// What a reader must know of a page that changes.
  var line: Markup {
    Markup.element(
      "p", ["class": "warning"],
      Markup.text(
        "Still running: \(FigureText.grouped(endedCount)) of "
          + "\(FigureText.counted(plannedCount, "run")) have ended, and everything below is of "
          + "those. This page reads itself again every \(FigureText.counted(seconds, "second")) "
          + "until the last one has."))
  }
}
