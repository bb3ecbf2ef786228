/// The label of one example in a file: the number or the name of its class.
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
