import Records
import Testing

import TaskData

/// Partitions of a labelled set into folds.
struct FoldsTests {
  /// The split of a fold tests on the fold and trains on all other examples.
  @Test func splits() throws {
    let labels = (0..<23).map { Int32($0 % 3) }
    let folds = try Folds(labels: labels, classNames: ["a", "b", "c"], count: 4, seed: 1)
    for fold in 0..<4 {
      let split = folds.split(fold)
      #expect(split.test == folds.parts[fold])
      #expect((split.train + split.test).sorted() == Array(0..<23))
    }
  }

  /// Three classes of 50, 20 and 7 examples.
  private let labels: [Int32] = (0..<77).map { $0 < 50 ? 0 : $0 < 70 ? 1 : 2 }
  private let names = ["a", "b", "c"]

  /// Every example is in one fold, and every fold has as many of each class, to within one.
  @Test func stratified() throws {
    let folds = try Folds(labels: labels, classNames: names, seed: 4)
    #expect(folds.parts.count == 5)
    #expect(folds.parts.flatMap { $0 }.sorted() == Array(0..<77))
    for part in folds.parts {
      #expect(part == part.sorted())
      for (label, count) in [(0, 50), (1, 20), (2, 7)] {
        let own = part.count { labels[$0] == label }
        #expect(Double(own) > Double(count) / 5 - 1 && Double(own) < Double(count) / 5 + 1)
      }
    }
  }

  /// What is trained on is all but the fold; halves contain quarters and have every class.
  @Test func training() throws {
    let folds = try Folds(labels: labels, classNames: names, seed: 4)
    for fold in folds.parts.indices {
      let all = folds.training(without: fold)
      #expect(Set(all).union(folds.parts[fold]).count == 77)
      #expect(all.count + folds.parts[fold].count == 77)
      let half = folds.training(without: fold, divisor: 2)
      let quarter = folds.training(without: fold, divisor: 4)
      #expect(half.count == all.count / 2 && quarter.count == all.count / 4)
      #expect(Set(quarter).isSubset(of: half) && Set(half).isSubset(of: all))
      #expect(Set(quarter.map { labels[$0] }) == [0, 1, 2])
    }
  }

  /// The partition depends on the seed alone.
  @Test func seeds() throws {
    let first = try Folds(labels: labels, classNames: names, seed: 4).parts
    #expect(try Folds(labels: labels, classNames: names, seed: 4).parts == first)
    #expect(try Folds(labels: labels, classNames: names, seed: 5).parts != first)
  }

  /// With two examples in a class, every training part keeps one of them.
  @Test func smallest() throws {
    let labels: [Int32] = [0, 1, 0, 1]
    let folds = try Folds(labels: labels, classNames: ["a", "b"], seed: 0)
    #expect(folds.parts.count == 4 && folds.parts.allSatisfy { $0.count == 1 })
    for fold in folds.parts.indices {
      #expect(Set(folds.training(without: fold).map { labels[$0] }) == [0, 1])
    }
  }

  /// A class with one example and a set of one class are refused by name.
  @Test func refusals() {
    func failure(_ labels: [Int32], _ names: [String]) -> Failure? {
      do {
        _ = try Folds(labels: labels, classNames: names, seed: 0)
        return nil
      } catch {
        return error
      }
    }
    let rare = failure([0, 0, 1], ["cat", "dog"])
    #expect(rare?.kind == .badData && rare?.reason.contains("dog") == true)
    let single = failure([0, 0, 0], ["cat"])
    #expect(single?.kind == .badData && single?.reason.contains("one class") == true)
  }
}
