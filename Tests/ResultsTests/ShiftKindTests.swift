import HDF5
import Records
import Results
import TestSupport
import Testing

/// Kinds of shift in results files.
struct ShiftKindTests {
  private func results(_ similarities: [Similarity]) -> SweepResults {
    var plan = Sample.plan
    plan.similarities = similarities
    return SweepResults(
      plan: plan, provenance: Sample.provenance, outcomes: Sample.results().outcomes)
  }

  /// A file has the kinds as a coordinate along `similarity`, and they are read back.
  @Test func coordinate() throws {
    let folder = try TemporaryFolder()
    let results = results([.low, .medium.with(.input)])
    try ResultsFile.write(results, to: folder.path("r.h5"))
    let root = try HDF5File.open(folder.path("r.h5")).root
    let kinds = try root.dataset("shift_kind")
    #expect(try kinds.readStrings() == ["all", "input"])
    #expect(try kinds.scalePaths(axis: 0) == ["/similarity"])
    #expect(try root.dataset("similarity").readStrings() == ["low", "input-medium"])
    #expect(
      try root.dataset("accuracy").attributes.readString("coordinates")
        == "similarity_value shift_kind")
    let read = try ResultsFile.read(folder.path("r.h5"))
    #expect(read.plan == results.plan)
    #expect(ResultsFile.digest(of: read) == ResultsFile.digest(of: results))
  }

  /// The digest tells kinds apart.
  @Test func digest() {
    let kinds: [Shift?] = [nil, .input, .feature, .output]
    let digests = kinds.map { kind in
      ResultsFile.digest(of: results([.low, .medium.with(kind)]))
    }
    #expect(Set(digests).count == 4)
  }
}
