import ArgumentParser
import NeuralNetwork

/// The layers at which the groups of a network begin, for commands that train or describe it.
struct GroupOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "First layer of the middle group (default: after a third of the work).", valueName: "layer"))
  var middleFrom: String?

  @Option(
    help: ArgumentHelp(
      "First layer of the late group (default: after two thirds of the work).", valueName: "layer"))
  var lateFrom: String?

  @Option(
    help: ArgumentHelp(
      """
      First layer to remove for the new head (default: the classifier, which is the last dense \
      layer or a convolution that yields the classes, if every path leads through it); 'none' \
      removes nothing.
      """, valueName: "layer"))
  var headFrom: String?

  var boundaries: GroupBoundaries {
    let head: GroupBoundaries.Head =
      headFrom.map { $0 == "none" ? .none : .from($0) } ?? .classifier
    return GroupBoundaries(middle: middleFrom, late: lateFrom, head: head)
  }

  /// The options that were given.
  var given: [String] {
    [
      ("--middle-from", middleFrom != nil), ("--late-from", lateFrom != nil),
      ("--head-from", headFrom != nil),
    ].filter(\.1).map(\.0)
  }
}
