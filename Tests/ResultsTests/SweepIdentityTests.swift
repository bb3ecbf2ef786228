import Records
import Results
import TestSupport
import Testing

/// The differences between sweeps, and their wording.
struct SweepIdentityTests {
  private func differences(_ change: (inout SweepIdentity) -> Void) -> [String] {
    var here = JournalSample.identity
    change(&here)
    return JournalSample.identity.differences(to: here)
  }

  /// Equal identities have no differences.
  @Test func equal() { #expect(differences { _ in } == []) }

  /// Axes are named by their options.
  @Test func axes() {
    #expect(differences { $0.plan.trainSizes = [100] } == ["`sizes` (100,1000 there, 100 here)"])
    #expect(differences { $0.plan.replicates = 5 } == ["`replicates` (3 there, 5 here)"])
    #expect(
      differences { $0.plan.similarities = [.medium] }
        == ["`similarities` (medium,0.1 there, medium here)"])
    #expect(
      differences { $0.plan.arms.removeLast() }
        == ["`strategies` (feature-extraction,from-scratch there, feature-extraction here)"])
    #expect(differences { $0.plan.depths = [0, 2] } == ["`depths` (none there, 0,2 here)"])
    #expect(
      differences { $0.plan.architecture = "deep" }
        == ["`architecture` (medium there, deep here)"])
  }

  /// A technique is named once, however many strategies have it.
  @Test func techniques() {
    #expect(
      differences { identity in
        for arm in identity.plan.arms.indices {
          identity.plan.arms[arm].techniques.labelSmoothing = 0.1
        }
      } == ["label-smoothing (0 there, 0.1 here)"])
    #expect(
      differences { $0.plan.arms[0].techniques.clippingNorm = 2 }
        == ["clipping-norm (none there, 2 here)"])
    #expect(
      differences { $0.plan.arms[0].techniques.convergedHead = true }
        == ["converged-head (0 there, 1 here)"])
  }

  /// Weights, tasks, versions and the processor's instruction sets are named, digests shortened.
  @Test func surroundings() {
    let digest = String(repeating: "ab", count: 32)
    #expect(
      differences { $0.plan.weightsDigest = digest }
        == ["the weights (c0ffee there, abababababab… here)"])
    #expect(
      differences { $0.taskDigests["medium-0"] = "cc" }
        == ["the task medium-0 (aa there, cc here)"])
    #expect(
      differences { $0.toolVersion = "2" } == ["the version of tlbench (1 there, 2 here)"])
    #expect(
      differences { $0.libraries = ["oneDNN 3"] }
        == ["the libraries (oneDNN 2.6.3 there, oneDNN 3 here)"])
    #expect(
      differences { $0.instructionSet = "avx512" }
        == ["the processor's instruction sets (avx2 there, avx512 here)"])
  }

  /// Limits are described in words.
  @Test func limits() {
    #expect(
      differences {
        $0.plan.limits = [
          PlanLimit(aboveTrainSize: 1_000, similarities: [.low, .high], replicates: 3)
        ]
      } == ["limits (none there, above-train-size 1000 replicates 3 similarities low,high here)"])
  }

  /// Several differences are all named.
  @Test func several() {
    #expect(
      differences {
        $0.plan.replicates = 1
        $0.toolVersion = "2"
      }.count == 2)
  }
}
