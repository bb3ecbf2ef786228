import Tensors
import Testing

/// When helpers are wanted, by how long runs took with them and without.
struct SharingTrialTests {
  /// The answers before each of some runs that take so many microseconds.
  private func answers(_ count: Int, helped: [Int], alone: [Int]) -> [Bool] {
    var trial = SharingTrial()
    var (shared, single) = (0, 0)
    return (0..<count).map { _ in
      let wants = trial.wantsHelpers
      if wants {
        trial.note(.microseconds(helped[shared % helped.count]))
        shared += 1
      } else {
        trial.note(.microseconds(alone[single % alone.count]))
        single += 1
      }
      return wants
    }
  }

  private func runs(_ parts: (Int, Bool)...) -> [Bool] {
    parts.flatMap { Array(repeating: $0.1, count: $0.0) }
  }

  /// Four runs with helpers and four without, then 248 of the faster kind, and again.
  @Test func faster() {
    let once = runs((4, true), (4, false), (248, true))
    #expect(answers(512, helped: [600], alone: [900]) == once + once)
  }

  @Test func slower() {
    let once = runs((4, true), (252, false))
    #expect(answers(512, helped: [1000], alone: [900]) == once + once)
  }

  /// Neither the first run of a kind nor a single slow one decides.
  @Test func outliers() {
    let answers = answers(9, helped: [5000, 600, 5000, 600], alone: [100, 900, 900, 900])
    #expect(answers == runs((4, true), (4, false), (1, true)))
  }

  /// Long runs are always shared.
  @Test func long() {
    #expect(answers(600, helped: [11_000], alone: [1]) == runs((600, true)))
  }
}
