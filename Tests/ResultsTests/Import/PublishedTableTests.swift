import Records
import Results
import Testing

/// Tables as others published them.
struct PublishedTableTests {
  /// VTAB's table has tasks as columns below sizes, one of which is a word, and columns that are no
  /// tasks.
  @Test func vtab() throws {
    let results = try PublishedTables.wide(
      PublishedTables.bytes("vtab_results_original"), PublishedTables.vtabLayout,
      sizeWords: ["full": 50_000])
    #expect(results.plan.similarities.count == 19)
    #expect(results.plan.trainSizes == [1_000, 50_000])
    #expect(results.plan.arms.count == 16)
    #expect(results.plan.taskGroups == nil)
    #expect(results.endedCount == 608 && results.missingAtMeasuredPlaces == 0)
    let accuracy = results.accuracy(task: "CIFAR-100", size: 50_000, strategy: "Exemplar")
    #expect(accuracy.map { ($0 * 1e6).rounded() } == 706_900)
  }

  /// The column of the strategies is found by the name of the index that pandas writes.
  @Test func vtabIndexName() throws {
    var layout = PublishedTables.vtabLayout
    layout.strategyColumn = "method"
    let results = try PublishedTables.wide(
      PublishedTables.bytes("vtab_results_original"), layout, sizeWords: ["full": 50_000])
    #expect(results.plan.arms.first?.name == "Cond-BigGAN")
  }

  /// The same table in long form, with a column of groups, has the same accuracies.
  @Test func vtabLong() throws {
    let wide = try PublishedTables.wide(
      PublishedTables.bytes("vtab_results_original"), PublishedTables.vtabLayout,
      sizeWords: ["full": 50_000], groups: PublishedTables.vtabGroups())
    let long = try PublishedTables.long(
      PublishedTables.bytes("vtab_long"),
      TableColumns(
        size: "size_label", strategy: "method", task: ["task"], accuracy: "accuracy_percent",
        group: "group"), sizeWords: ["full": 50_000])
    #expect(long.plan.taskGroups == wide.plan.taskGroups)
    #expect(long.plan.taskGroups?["Camelyon"] == "specialised")
    #expect(ResultsFile.digest(of: long) == ResultsFile.digest(of: wide))
  }

  /// A table of learning curves has every task at its own sizes: only runs at these may be missing.
  @Test func tllibRates() throws {
    let results = try PublishedTables.long(
      PublishedTables.bytes("tllib_rates_long"),
      TableColumns(
        size: "train_size", strategy: "method", task: ["task"], accuracy: "accuracy_percent",
        group: "pretraining"))
    #expect(results.plan.similarities.count == 6 && results.plan.trainSizes.count == 12)
    #expect(results.endedCount == 164)
    // 24 places, each with 7 strategies; DELTA lacks a set.
    #expect(results.missingAtMeasuredPlaces == 4)
    #expect(results.missingCount == 340)
  }

  /// A table without sizes takes one for all runs.
  @Test func tllibBenchmark() throws {
    let results = try PublishedTables.long(
      PublishedTables.bytes("tllib_bench_long"),
      TableColumns(
        size: nil, strategy: "method", task: ["task"], accuracy: "accuracy_percent"),
      sizeOfAll: 5_000)
    #expect(results.plan.trainSizes == [5_000])
    #expect(results.endedCount == 60 && results.missingAtMeasuredPlaces == 0)
    #expect(results.accuracy(task: "DTD", size: 5_000, strategy: "LWF") == 0.722)
  }

  /// Tasks are named by several columns where one is not enough.
  @Test func lpft() throws {
    let results = try PublishedTables.long(
      PublishedTables.bytes("lpft_tables"),
      TableColumns(
        size: nil, strategy: "arm", task: ["split", "task"], accuracy: "accuracy_percent",
        group: "split"), sizeOfAll: 1_000)
    #expect(results.endedCount == 33)
    #expect(results.plan.similarities.first?.label == "ID CIFAR-10")
    #expect(results.plan.taskGroups?["OOD FMoW"] == "OOD")
    #expect(results.plan.taskGroups?.values.count { $0 == "ID" } == 5)
    #expect(results.accuracy(task: "OOD Ent-30", size: 1_000, strategy: "LP") == 0.632)
  }
}
