/// What a label dataset says of one example: the number of its class, or the name of it.
enum LabelValue: Hashable, Comparable, CustomStringConvertible {
  case number(Int)
  case text(String)

  var description: String {
    switch self {
    case .number(let number): "\(number)"
    case .text(let text): text
    }
  }
}
