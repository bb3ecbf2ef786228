import HDF5
import Records
import TaskData
import Tensors
import TestSupport
import Testing

struct SplitsTests {
  /// Labels of sets of many shapes: even, skewed, tiny, with a class of two.
  static let sets: [[Int]] = [
    [50, 50], [2, 2], [97, 3], [10, 2, 400, 31], [7, 7, 7, 7, 7, 7, 7], [3, 5], [1000, 2],
  ]

  /// Every example is on one side, each class has its share to within one and at least one example
  /// on each side.
  @Test(arguments: sets, [0.1, 0.2, 0.5, 0.9]) func stratified(counts: [Int], share: Double) throws
  {
    let labels = labels(counts)
    let splits = try Splits(
      labels: labels, classNames: counts.map { "\($0)" }, testShare: share, seed: 3)
    for replicate in 0..<5 {
      let split = splits.split(replicate)
      #expect((split.train + split.test).sorted() == Array(labels.indices))
      for (label, count) in counts.enumerated() {
        let held = split.test.count { labels[$0] == Int32(label) }
        let expected = share * Double(count)
        #expect(held >= 1 && held < count)
        #expect(abs(Double(held) - min(max(expected, 1), Double(count - 1))) <= 1)
      }
    }
  }

  /// The test set has the share asked for where no class is too small for it.
  @Test func size() throws {
    let labels = labels([33, 47, 61])
    let splits = try Splits(labels: labels, classNames: ["a", "b", "c"], testShare: 0.2, seed: 1)
    #expect(splits.split(0).test.count == 28)
  }

  /// A split depends on seed and replicate: equal ones agree, others do not.
  @Test func deterministic() throws {
    let labels = labels([40, 40])
    func test(_ seed: UInt64, _ replicate: Int) throws -> [Int] {
      try Splits(labels: labels, classNames: ["a", "b"], seed: seed).split(replicate).test
    }
    let sets = [try test(1, 0), try test(1, 1), try test(1, 2), try test(2, 0)]
    #expect(Set(sets).count == 4)
    #expect(try test(1, 2) == sets[2])
  }

  /// How a smaller training set is chosen.
  enum Choice: CaseIterable {
    case even, proportional
  }

  /// So many rows of a split's training part.
  private func chosen(
    _ count: Int, of split: Splits.Split, _ labels: [Int32], _ choice: Choice = .proportional
  ) throws(Failure) -> [Int] {
    let own = split.train.map { labels[$0] }
    let classCount = Int(labels.max() ?? 0) + 1
    let positions =
      choice == .even
      ? try Subset.balanced(labels: own, classCount: classCount, count: count, seed: 8)
      : try Subset.proportional(labels: own, classCount: classCount, count: count, seed: 8)
    return positions.map { split.train[$0] }
  }

  /// Smaller training sets are inside larger ones, and inside the split's training part.
  @Test(arguments: Choice.allCases) func nested(choice: Choice) throws {
    let labels = labels([60, 30, 30])
    let split = try Splits(labels: labels, classNames: ["a", "b", "c"], seed: 8).split(1)
    var previous: Set<Int> = []
    for count in [3, 4, 10, 31, 60] {
      let chosen = try chosen(count, of: split, labels, choice)
      #expect(chosen.count == count && Set(chosen).count == count)
      #expect(previous.isSubset(of: chosen) && Set(chosen).isSubset(of: split.train))
      previous = Set(chosen)
    }
  }

  /// Even subsets take equally from every class, to within one.
  @Test func even() throws {
    let labels = labels([60, 30, 200])
    let splits = try Splits(labels: labels, classNames: ["a", "b", "c"], seed: 8)
    for count in [3, 10, 50] {
      let chosen = try chosen(count, of: splits.split(0), labels, .even)
      let counts = (0..<3).map { label in chosen.count { labels[$0] == Int32(label) } }
      #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
    }
  }

  /// Proportional subsets have every class, and its share to within two.
  @Test func proportional() throws {
    let counts = [400, 100, 5]
    let labels = labels(counts)
    let splits = try Splits(labels: labels, classNames: ["a", "b", "c"], seed: 8)
    let split = splits.split(0)
    for count in [3, 10, 40, 200, split.train.count] {
      let chosen = try chosen(count, of: split, labels)
      for label in 0..<3 {
        let found = chosen.count { labels[$0] == Int32(label) }
        let whole = split.train.count { labels[$0] == Int32(label) }
        let expected = Double(count) * Double(whole) / Double(split.train.count)
        #expect(found >= 1 && abs(Double(found) - expected) <= 2)
      }
    }
    #expect(try chosen(split.train.count, of: split, labels).sorted() == split.train)
  }

  /// Sizes that cannot be had are errors that name those that can.
  @Test func impossibleSizes() throws {
    let labels = labels([10, 10])
    let split = try Splits(labels: labels, classNames: ["a", "b"], seed: 1).split(0)
    for count in [1, 17] {
      let error = failure { _ = try chosen(count, of: split, labels) }
      #expect(error?.kind == .usage && error?.remedy == "Choose a size in 2...16.")
    }
    let error = failure { _ = try chosen(17, of: split, labels, .even) }
    #expect(error?.remedy == "Choose a size in 1...16.")
  }

  /// A class of one example cannot be on both sides; shares outside 0...1 are refused.
  @Test func refused() {
    let labels = labels([4, 1])
    let rare = failure { _ = try Splits(labels: labels, classNames: ["a", "odd"], seed: 1) }
    #expect(rare?.kind == .badData && rare?.reason.contains("class odd has 1 example,") == true)
    for share in [0, 1, -0.1, .nan] {
      let error = failure {
        _ = try Splits(labels: [0, 0], classNames: ["a"], testShare: share, seed: 1)
      }
      #expect(error?.kind == .usage)
    }
  }

  /// A set without a test set becomes a task with one; seed and share are kept and written.
  @Test func task() throws {
    var options = DatasetOptions()
    options.yFile = try fixture("datasets/pcam_y.h5")
    let set = try DatasetFile.read(fixture("datasets/pcam_x.h5"), options)
    let task = try set.task(.ownOrShare(0.3), seed: 5)
    #expect(task.train.count == 4 && task.test.count == 2)
    #expect(task.split?.testShare == 0.3 && task.split?.seed == 5)
    try withTemporaryFolder { folder in
      try TaskFile.write(task, to: "\(folder)/t.h5")
      let attributes = try HDF5File.open("\(folder)/t.h5").root.attributes
      #expect(try attributes.readNumber("split_seed", as: Int.self) == 5)
      #expect(try attributes.readNumber("split_test_share", as: Double.self) == 0.3)
    }
    #expect(task.train.storageBytes == set.train.storageBytes)
    #expect(task.test.origin?.set == task.train.origin?.set)
  }

  /// A file's own test set is used as it is, unless another is asked for.
  @Test func ownTestSet() throws {
    let set = try DatasetFile.read(fixture("datasets/groups.h5"))
    let own = try set.task()
    #expect(own.test.count == 4 && own.train.count == 6 && own.split == nil)
    let new = try set.task(.share(0.34), seed: 2)
    #expect(new.test.count == 2 && new.train.count == 4 && new.split?.seed == 2)
  }

  private func labels(_ counts: [Int]) -> [Int32] {
    var labels = counts.enumerated().flatMap { label, count in
      [Int32](repeating: Int32(label), count: count)
    }
    var generator = CounterGenerator(seed: 4)
    generator.shuffle(&labels)
    return labels
  }
}
