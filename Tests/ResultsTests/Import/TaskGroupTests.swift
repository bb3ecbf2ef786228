import HDF5
import Records
import Results
import TestSupport
import Testing

/// Groups of the tasks of a table.
struct TaskGroupTests {
  private static let columns = TableColumns(
    size: "n", strategy: "m", task: ["t"], accuracy: "a", group: "g")
  private static let text = """
    n,m,t,a,g
    10,x,pets,1,nature
    10,y,pets,2,nature
    10,x,cars,3,things

    """

  private func results(
    _ text: String = text, _ columns: TableColumns = columns, groups: [String: String] = [:]
  ) throws -> SweepResults {
    try PublishedTables.long(Array(text.utf8), columns, groups: groups)
  }

  private var ungrouped: TableColumns {
    var columns = Self.columns
    columns.group = nil
    return columns
  }

  /// A file has the groups as a coordinate along `similarity`, and they are read back.
  @Test func coordinate() throws {
    let folder = try TemporaryFolder()
    let results = try results()
    try ResultsFile.write(results, to: folder.path("r.h5"))
    let root = try HDF5File.open(folder.path("r.h5")).root
    let groups = try root.dataset("group")
    #expect(try groups.readStrings() == ["nature", "things"])
    #expect(try groups.scalePaths(axis: 0) == ["/similarity"])
    #expect(
      try root.dataset("accuracy").attributes.readString("coordinates")
        == "similarity_value group")
    let read = try ResultsFile.read(folder.path("r.h5"))
    #expect(read.plan.taskGroups == ["pets": "nature", "cars": "things"])
    #expect(read.plan == results.plan)
  }

  /// Groups change neither the digest of results nor the text of a plan without them.
  @Test func withoutGroups() throws {
    let grouped = try results()
    let plain = try results(Self.text, ungrouped)
    #expect(plain.plan.taskGroups == nil)
    #expect(ResultsFile.digest(of: grouped) == ResultsFile.digest(of: plain))
    #expect(try !CanonicalJSON.encode(plain.plan).contains("taskGroups"))
    #expect(try CanonicalJSON.encode(grouped.plan).contains(#""taskGroups":{"cars":"things""#))
    let folder = try TemporaryFolder()
    try ResultsFile.write(plain, to: folder.path("r.h5"))
    let root = try HDF5File.open(folder.path("r.h5")).root
    #expect(try !root.childNames().contains("group"))
    #expect(
      try root.dataset("accuracy").attributes.readString("coordinates") == "similarity_value")
  }

  /// Groups may be given by task instead.
  @Test func given() throws {
    let groups = ["pets": "nature", "cars": "things"]
    #expect(try results(Self.text, ungrouped, groups: groups).plan.taskGroups == groups)
  }

  /// Groups that are unknown, incomplete or contradictory are refused.
  @Test func refusals() throws {
    var columns = Self.columns
    columns.group = "kind"
    let column = #expect(throws: Failure.self) { try results(Self.text, columns) }
    #expect(column?.reason == "there is no column 'kind'")
    #expect(column?.remedy == "Set `groupColumn` to one of n, m, t, a, g.")
    let stray = #expect(throws: Failure.self) {
      try results(Self.text, ungrouped, groups: ["dogs": "nature"])
    }
    #expect(stray?.reason == "it has no task 'dogs'")
    #expect(stray?.remedy == "Its tasks are pets, cars.")
    let part = #expect(throws: Failure.self) {
      try results(Self.text, ungrouped, groups: ["pets": "nature"])
    }
    #expect(part?.reason == "the task 'cars' has no group, and others have")
    let two = #expect(throws: Failure.self) { try results(Self.text + "10,z,pets,4,things\n") }
    #expect(two?.subject == "t.csv, line 5")
    #expect(two?.reason.contains("is in the group 'things', and on line 2 in 'nature'") == true)
    let empty = #expect(throws: Failure.self) { try results(Self.text + "10,z,pets,4,\n") }
    #expect(empty?.reason == "'g' is empty")
  }
}
