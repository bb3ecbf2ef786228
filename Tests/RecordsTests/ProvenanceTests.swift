import Records
import Testing

struct ProvenanceTests {
  /// Guessing among equally frequent classes.
  @Test func chance() {
    var provenance = Provenance(
      toolVersion: "1", commandLine: "", processor: "", libraries: [], finishedAt: "", jobs: 1,
      wallSeconds: 1, taskDigests: [:], classCount: 20)
    #expect(provenance.chance == 0.05)
    provenance.classCount = nil
    #expect(provenance.chance == nil)
    #expect(Provenance.chance(among: 4) == 0.25 && Provenance.chance(among: nil) == nil)
  }
}
