/// The part of a task's structure in which a target task differs from the source task.
///
/// After Lee et al., "Surgical Fine-Tuning Improves Adaptation to Distribution Shifts", ICLR 2023,
/// who tell apart shifts of the input, of features and of the output. Tasks without a kind differ
/// in all parts at the same time.
public enum Shift: String, CaseIterable, Sendable, Hashable, Codable {
  /// The images are drawn otherwise: the alphabet of tiles is new.
  case input
  /// The parts between image and class are made otherwise: the rules below the classes are new.
  case feature
  /// The classes are made of the parts otherwise: the class rules are new.
  case output

  /// The word for tasks without a kind of shift, which differ in all parts.
  package static let everything = "all"

  /// The word for a kind, or for none.
  package static func word(_ shift: Shift?) -> String { shift?.rawValue ?? everything }
}
