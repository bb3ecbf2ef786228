/// How the images of synthetic tasks are made.
///
/// A finding that holds in one family only may be a property of its images, and not of transfer.
package enum TaskFamily: String, CaseIterable, Sendable, Hashable, Codable {
  /// Classes made of parts, parts made of smaller parts, the smallest drawn as tiles (default).
  case hierarchy
  /// A shape with a texture in front of another texture: the three together decide the class.
  case shapes

  /// The family in words, as in "tasks of textured shapes".
  package var title: String {
    switch self {
    case .hierarchy: "random hierarchies"
    case .shapes: "textured shapes"
    }
  }

  /// The first part of the names of tasks and weights; empty for the default family.
  package var prefix: String { self == .hierarchy ? "" : "\(rawValue)-" }
}
