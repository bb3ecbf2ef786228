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
  ///
  /// The page may outlive what writes it, so that it does not say that anything is running.
  var line: Markup {
    Markup.element(
      "p", ["class": "warning"],
      Markup.text(
        "As of \(FigureText.grouped(endedCount)) of \(FigureText.counted(plannedCount, "run")): "
          + "everything below is of those that had ended when this page was written. While runs "
          + "go on, it is written again with each export of the results, and a browser reads it "
          + "again every \(FigureText.counted(seconds, "second"))."))
  }
}
