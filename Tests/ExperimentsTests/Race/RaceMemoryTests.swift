import Experiments
import Records
import Testing

/// The account of the memory of a race.
struct RaceMemoryTests {
  private typealias Training = RaceMemory.Training

  private static let trainings = [
    Training(alone: 50, besideFeatures: 20), Training(alone: 40, besideFeatures: 40),
  ]

  /// The cache of features gets what the largest training leaves: no strategy is left out for it.
  @Test(arguments: [(100, 30), (80, 30), (60, 10), (50, 0), (45, 5), (30, 30)])
  func cacheGivesWay(bytes: Int, cache: Int) {
    let memory = RaceMemory(bytes: bytes, features: 30)
    #expect(memory.cacheBytes(beside: Self.trainings) == cache)
    #expect(Self.trainings.map(memory.fits) == [bytes >= 50, bytes >= 40])
    // Less is kept if less is allowed, and as much as is allowed if nothing is known.
    let limited = RaceMemory(bytes: bytes, features: 30, capacity: 7)
    #expect(limited.cacheBytes(beside: Self.trainings) == min(cache, 7))
    let unknown = RaceMemory(bytes: bytes, features: nil, capacity: 30)
    #expect(unknown.cacheBytes(beside: Self.trainings) == cache)
  }

  /// Features that are all in the cache count once; otherwise each training counts its own as well.
  @Test func featuresCountOnce() {
    let many = Array(repeating: Self.trainings[0], count: 9)
    func count(_ memory: RaceMemory, most: Int = 9) -> Int {
      memory.count(of: many, cacheBytes: memory.cacheBytes(beside: many), most: most)
    }
    #expect(count(RaceMemory(bytes: 130, features: 30)) == 5)
    #expect(count(RaceMemory(bytes: 130, features: 30), most: 3) == 3)
    #expect(count(RaceMemory(bytes: 130, features: 30, capacity: 20)) == 2)
    #expect(count(RaceMemory(bytes: 130, features: nil, capacity: 30)) == 2)
    // The cache has room for a part.
    #expect(count(RaceMemory(bytes: 79, features: 30)) == 1)
    #expect(count(.unlimited) == 9)
  }

  /// If nothing can race, the error says how much memory the smallest strategy needs.
  @Test func required() {
    let mebibyte = 1 << 20
    let trainings = [("large", 70), ("small", 40)].map { name, size in
      (name: name, training: Training(alone: size * mebibyte, besideFeatures: size * mebibyte))
    }
    func require(_ size: Int) throws {
      try RaceMemory(bytes: size * mebibyte, features: 500 * mebibyte)
        .require(trainings, beside: 10 * mebibyte - 1)
    }
    #expect(throws: Never.self) { try require(40) }
    let failure = #expect(throws: Failure.self) { try require(39) }
    #expect(failure?.kind == .failed && failure?.reason.contains("small") == true)
    #expect(failure?.reason.contains("40 MiB, and 39 MiB are left") == true)
    #expect(failure?.remedy?.contains("at least 50 MiB of memory") == true)
  }
}
