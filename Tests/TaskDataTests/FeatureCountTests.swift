import HDF5
import Records
import TaskData
import TestSupport
import Testing

/// Which sets have stored features, by the names and shapes of their files.
struct FeatureCountTests {
  private func count(
    _ shape: [Int], name: String, _ change: (inout DatasetOptions) -> Void = { _ in }
  ) throws -> Int? {
    try withTemporaryFolder { folder in
      let file = try HDF5File.create("\(folder)/set.h5")
      let values = [Float](repeating: 0.5, count: shape.reduce(1, *))
      try file.root.write(values, shape: shape, to: name)
      try file.close()
      var options = DatasetOptions()
      change(&options)
      return try DatasetFile.featureCount("\(folder)/set.h5", options)
    }
  }

  @Test func features() throws {
    #expect(try count([6, 5], name: "features") == 5)
    #expect(try count([6, 1], name: "x") == 1)
    #expect(try count([6, 5], name: "embeddings") { $0.xKey = "embeddings" } == 5)
  }

  @Test func others() throws {
    #expect(try count([6, 5, 5], name: "images") == nil)
    #expect(try count([6, 5, 5, 3], name: "x") == nil)
    #expect(try count([6], name: "x") == nil)
    #expect(try count([6, 5], name: "input_ids") == nil)
  }

  /// A file without a usual name, and one that does not exist, are errors of reading a set.
  @Test func errors() throws {
    let unnamed = try #require(throws: Failure.self) { try count([6, 5], name: "other") }
    #expect(unnamed.kind == .badData && unnamed.remedy?.contains("`xKey`") == true)
    let missing = try #require(throws: Failure.self) {
      try DatasetFile.featureCount("/nowhere/set.h5")
    }
    #expect(missing.kind == .inputMissing)
  }
}
