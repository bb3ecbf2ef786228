import Analysis
import Records

extension OptionValues {
  static func adviceCriteria(
    preference: Preference, margin: Double, confidence: Double
  ) throws -> AdviceCriteria {
    guard margin > 0, margin <= 100 else {
      throw refused("--margin", "\(margin) is not above 0 and at most 100", "Example: --margin 1")
    }
    guard confidence > 0, confidence < 1 else {
      throw refused(
        "--confidence", "\(confidence) is not between 0 and 1", "Example: --confidence 0.95")
    }
    return AdviceCriteria(preference: preference, margin: margin, confidence: confidence)
  }

  /// The strategies of tlbench that strategies of a table are, each given as `name=strategy`.
  static func renamedArms(_ texts: [String]) throws -> [String: Arm] {
    var arms: [String: Arm] = [:]
    let known = Arm.known(withDepths: false)
    for text in texts {
      // Names in the table may contain the sign, those of tlbench do not.
      guard let sign = text.lastIndex(of: "="), sign > text.startIndex else {
        throw refused(
          "--strategy", "'\(text)' is not <name>=<strategy>",
          "Example: --strategy full=fine-tuning-all")
      }
      let (strategy, name) = (String(text[..<sign]), String(text[text.index(after: sign)...]))
      guard let arm = known.named(name) else {
        throw refused(
          "--strategy", "'\(name)' is unknown",
          "The known ones are \(known.acceptedNames.joined(separator: ", ")).")
      }
      guard arms.updateValue(arm, forKey: strategy) == nil else {
        throw refused("--strategy", "'\(strategy)' is given twice", "Give it once.")
      }
    }
    return arms
  }
}
