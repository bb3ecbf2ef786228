import Analysis
import Foundation
package import Records

/// A file of results as a report names it.
package struct ReportSource: Sendable {
  /// The name of the file, without its folder.
  package let name: String
  package let results: SweepResults
  /// The SHA-256 over all deterministic values.
  package let digest: String

  package init(name: String, results: SweepResults, digest: String) {
    (self.name, self.results, self.digest) = (name, results, digest)
  }

  /// `tlbench report · reference.h5 · 2026-11-21`.
  var kicker: String {
    let date = results.provenance.finishedAt.prefix(10)
    return (["tlbench report", name] + (date.isEmpty ? [] : [String(date)])).joined(
      separator: " · ")
  }

  /// Where the results come from.
  var facts: [PageFact] {
    let (plan, origin) = (results.plan, results.provenance)
    var facts: [PageFact] = []
    if !origin.commandLine.isEmpty {
      facts.append(PageFact(name: "command", text: origin.commandLine, isCode: true))
    }
    let completed = results.outcomes.count { $0?.measurement != nil }
    facts.append(
      PageFact(name: "results", text: "\(name), \(FigureText.counted(completed, "completed run"))"))
    facts.append(PageFact(name: "digest", text: digest, isCode: true))
    facts.append(PageFact(name: "design", text: design))
    let weights = plan.weightsDigest.isEmpty ? "" : ", weights \(plan.weightsDigest.prefix(16))…"
    if !plan.isImported {
      facts.append(PageFact(name: "network", text: plan.architecture + weights))
    }
    let made: [String] =
      ["tlbench \(origin.toolVersion)"] + origin.libraries
      + [origin.processor ?? ""] + (origin.instructionSet.isEmpty ? [] : [origin.instructionSet])
    facts.append(
      PageFact(name: "made by", text: made.filter { !$0.isEmpty }.joined(separator: ", ")))
    if !origin.finishedAt.isEmpty, !plan.isImported {
      let end = origin.finishedAt.replacing("T", with: " ").replacing("Z", with: " UTC")
      facts.append(
        PageFact(
          name: "run",
          text: "finished \(end); \(Quantity.seconds(origin.wallSeconds)) on "
            + FigureText.counted(origin.jobs, "worker")))
    }
    return facts + [statistics, PageFact(name: "cite", text: citation)]
  }

  /// The axes of the plan in words.
  var design: String {
    let plan = results.plan
    let axes =
      [
        FigureText.counted(plan.similarities.count, isKnown ? "similarity level" : "task"),
        FigureText.counted(plan.trainSizes.count, "size"),
        plan.arms.count == 1 ? "1 strategy" : "\(plan.arms.count) strategies",
      ] + (plan.depths.isEmpty ? [] : [FigureText.counted(plan.depths.count, "depth")])
    return axes.joined(separator: " × ") + ", \(replicates); paired by replicate"
  }

  var isKnown: Bool { results.plan.similarities.allSatisfy(\.isKnown) }

  /// `5 to 10 tasks per place`, or `5 splits of one set`.
  var replicates: String {
    let plan = results.plan
    let counts = plan.similarities.flatMap { similarity in
      plan.trainSizes.map { plan.plannedReplicates(similarity: similarity, trainSize: $0) }
    }.filter { $0 > 0 }
    let (least, most) = (counts.min() ?? plan.replicates, counts.max() ?? plan.replicates)
    let noun = plan.folds != nil ? "fold" : plan.splitRatio == nil ? "task" : "split"
    let count = least < most ? "\(least) to " : ""
    return count + FigureText.counted(most, noun)
      + (plan.splitRatio == nil ? " per place" : " of one set")
  }

  private var statistics: PageFact {
    let criteria = VerdictCriteria.standard
    let plan = results.plan
    let splits =
      plan.splitRatio == nil || plan.folds != nil
      ? "" : "; intervals are widened after Nadeau and Bengio (2003), since splits share examples"
    let differences =
      plan.folds == nil
      ? "Student’s t of paired differences"
      : "normal intervals of differences example by example over all folds"
    return PageFact(
      name: "statistics",
      text: "margin \(FigureText.short(criteria.margin)) point, confidence "
        + "\(FigureText.short(100 * criteria.confidence)) %; \(differences), "
        + "corrected for the choice of the best; Holm over places\(splits)")
  }

  private var citation: String {
    let plan = results.plan
    let isSynthetic = !plan.isImported && plan.splitRatio == nil
    return "tlbench \(results.provenance.toolVersion) with the digest above"
      + (isSynthetic
        ? "; tasks after Cagnetta et al., Phys. Rev. X 14, 031001 (2024)" : "")
  }
}
