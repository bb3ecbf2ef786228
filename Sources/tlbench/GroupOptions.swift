import ArgumentParser
import NeuralNetwork

/// Where the groups of a network's layers begin, for commands that train or show them.
struct GroupOptions: ParsableArguments {
  @Option(help: "First layer of the middle group; by default where a third of the work is done.")
  var middleFrom: String?

  @Option(help: "First layer of the late group; by default where two thirds are done.")
  var lateFrom: String?

  @Option(
    help: """
      First layer that is taken off for the new head; by default the classifier (the last dense \
      layer, or a convolution that yields the classes) where the whole network leads through it, \
      'none' keeps all.
      """)
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
