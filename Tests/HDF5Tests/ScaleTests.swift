import HDF5
import TestSupport
import Testing

/// Dimension scales.
struct ScaleTests {
  /// Each axis has the scale that was attached to it, equal lengths or not.
  @Test func attached() throws {
    let root = try reopened(in: TemporaryFolder()) { root in
      let size = try root.write([100, 1000], shape: [2], to: "train_size")
      try size.makeScale(named: "train_size")
      let strategy = try root.write(["a", "b"], to: "strategy")
      try strategy.makeScale(named: "strategy")
      let accuracy = try root.write([1.0, 2, 3, 4], shape: [2, 2], to: "accuracy", fill: .nan)
      try accuracy.attachScale(size, toAxis: 0)
      try accuracy.attachScale(strategy, toAxis: 1)
    }
    let accuracy = try root.dataset("accuracy")
    #expect(try accuracy.scalePaths(axis: 0) == ["/train_size"])
    #expect(try accuracy.scalePaths(axis: 1) == ["/strategy"])
    #expect(try root.dataset("strategy").attributes.readString("NAME") == "strategy")
  }

  /// There is no axis beyond the last.
  @Test(arguments: [-1, 2])
  func noSuchAxis(axis: Int) throws {
    let dataset = try Fixture.open().dataset("scales/accuracy")
    let error = errorThrown { () throws(HDF5Error) in _ = try dataset.scalePaths(axis: axis) }
    #expect(error?.code == .wrongShape)
  }
}
