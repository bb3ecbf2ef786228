import Records
import TaskData
import Testing

struct SubsetTests {
  private let labels: [Int32] = (0..<400).map { Int32($0 * 7 % 10) }

  private func counts(_ indices: [Int]) -> [Int] {
    (0..<10).map { label in indices.filter { labels[$0] == label }.count }
  }

  private func chosen(_ count: Int, seed: UInt64 = 3) throws -> [Int] {
    try Subset.balanced(labels: labels, classCount: 10, count: count, seed: seed)
  }

  /// Every class is chosen equally often, to within one, and no example twice.
  @Test(arguments: [1, 9, 10, 57, 100, 399, 400]) func balanced(count: Int) throws {
    let indices = try chosen(count)
    #expect(Set(indices).count == count)
    let counts = counts(indices)
    #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
  }

  /// A smaller choice is the beginning of a larger one.
  @Test func nested() throws {
    let all = try chosen(400)
    for count in [1, 10, 33, 100] { #expect(try chosen(count) == Array(all.prefix(count))) }
  }

  /// The choice is random and depends on nothing but the seed.
  @Test func seeds() throws {
    #expect(try chosen(100) == chosen(100))
    #expect(try Set(chosen(100)) != Set(chosen(100, seed: 4)))
    #expect(try Set(chosen(100)) != Set(0..<100))
  }

  /// A size that no balanced choice has is a usage error that names the largest that one has.
  @Test func tooLarge() throws {
    let uneven: [Int32] = [0, 0, 0, 0, 1, 1, 2, 2, 2]
    let error = failure {
      _ = try Subset.balanced(labels: uneven, classCount: 3, count: 9, seed: 1)
    }
    #expect(error?.kind == .usage)
    // Two of each, and a third of the classes 0 and 2.
    #expect(error?.reason.contains("has 8 of the 9") == true)
    #expect(try Subset.balanced(labels: uneven, classCount: 3, count: 8, seed: 1).count == 8)
  }

  /// Sizes below one are usage errors.
  @Test(arguments: [0, -100]) func tooSmall(count: Int) {
    #expect(failure { _ = try chosen(count) }?.kind == .usage)
  }

  /// A split gives every example to one part, and the share asked for to validation.
  @Test func split() throws {
    let indices = try chosen(105)
    let parts = Subset.split(indices, labels: labels, classCount: 10, holdOut: 0.2, seed: 9)
    #expect(parts.validation.count == 21)
    #expect(Set(parts.train).isDisjoint(with: parts.validation))
    #expect(Set(parts.train).union(parts.validation) == Set(indices))
    #expect(parts.train == indices.filter { parts.train.contains($0) })
  }

  /// The part held out is class-balanced.
  @Test func balancedSplit() throws {
    let indices = try chosen(200)
    let held = Subset.split(indices, labels: labels, classCount: 10, holdOut: 0.25, seed: 9)
      .validation
    #expect(counts(held) == [Int](repeating: 5, count: 10))
  }

  /// The last example of a class is never held out.
  @Test func lastExample() throws {
    let indices = try chosen(10)
    let parts = Subset.split(indices, labels: labels, classCount: 10, holdOut: 0.5, seed: 9)
    #expect(parts.validation.isEmpty)
    #expect(parts.train == indices)
  }

  /// Folds have every example once, and equally many of each class to within one.
  @Test func folds() {
    let labels = (0..<103).map { Int32($0 % 4) }
    let (folds, rest) = Subset.folds(labels: labels, classCount: 5, count: 5, seed: 3)
    #expect(rest.isEmpty && folds.flatMap { $0 }.sorted() == Array(0..<103))
    #expect(folds.allSatisfy { (20...21).contains($0.count) })
    for label in 0..<4 {
      let counts = folds.map { fold in fold.count { labels[$0] == label } }
      #expect(counts.allSatisfy { (5...6).contains($0) })
    }
  }

  /// Two examples of a class are in different folds, a single one is in none.
  @Test func foldsOfRareClasses() {
    let labels: [Int32] = [0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 3]
    for seed in 0..<8 as Range<UInt64> {
      let (folds, rest) = Subset.folds(labels: labels, classCount: 4, count: 5, seed: seed)
      #expect(rest == [8])
      for pair in [[6, 7], [9, 10]] {
        #expect(folds.allSatisfy { !Set(pair).isSubset(of: $0) })
      }
    }
  }
}
