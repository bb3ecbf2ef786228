/// The group of a layer by its depth, in the coarse terms in which transfer rules are stated.
///
/// Groups are ordered from the input to the output: `early < middle < late < head`. The first three
/// form the backbone, which is transferred; the head is always new.
public enum LayerGroup: String, CaseIterable, Sendable, Codable, Comparable {
  case early, middle, late, head

  /// The groups that are transferred from a pretrained network, input first.
  public static let backbone: [LayerGroup] = [.early, .middle, .late]

  private var depth: Int {
    switch self {
    case .early: 0
    case .middle: 1
    case .late: 2
    case .head: 3
    }
  }

  public static func < (lhs: LayerGroup, rhs: LayerGroup) -> Bool { lhs.depth < rhs.depth }
}
