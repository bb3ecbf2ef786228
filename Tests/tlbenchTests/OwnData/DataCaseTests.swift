import Foundation
import HDF5
import Records
import TaskData
import Testing

/// Data sets of users that were once misread or refused (Cases/make_data_cases.py).
struct DataCaseTests {
  private static let names = ["ant", "bee", "cat", "dog"]
  /// The label of the example `i` is `i` mod 4.
  private static let labels = (0..<40).map { Int32($0 % 4) }
  /// The byte `i` of the images is 7 i mod 251.
  private static let bytes = (0..<40 * 108).map { UInt8($0 * 7 % 251) }

  private static func path(_ name: String) -> String {
    Bundle.module.bundleURL.appending(path: "Cases/\(name)").path
  }

  private func read(
    _ name: String, _ adjust: (inout DatasetOptions) -> Void = { _ in }
  ) throws -> LabeledDataset {
    var options = DatasetOptions()
    adjust(&options)
    return try DatasetFile.read(Self.path(name), options)
  }

  private func failure(
    _ name: String, _ adjust: (inout DatasetOptions) -> Void = { _ in }
  ) -> Failure? {
    #expect(throws: Failure.self) { try read(name, adjust) }
  }

  /// Labels that are called classes are no list of class names.
  @Test func labelsCalledClasses() throws {
    let set = try read("labels-called-classes/d.h5") { $0.yKey = "classes" }
    #expect(set.train.classNames == ["0", "1", "2", "3"] && set.train.labels == Self.labels)
  }

  /// A name per image names the classes.
  @Test(arguments: [nil, "label_names"] as [String?]) func namePerImage(key: String?) throws {
    let set = try read("labels-called-classes/names_per_image.h5") { $0.classesKey = key }
    #expect(set.train.classNames == Self.names && set.train.labels == Self.labels)
  }

  /// Another label per image is left alone with a note, and refused where an option asks for it.
  @Test func coarserLabels() throws {
    let name = "labels-called-classes/coarse.h5"
    let set = try read(name)
    #expect(set.train.classNames == ["0", "1", "2", "3"])
    #expect(set.notes.contains { $0.hasPrefix("/classes is not used for class names: ") })
    let failure = failure(name) { $0.classesKey = "classes" }
    #expect(failure?.kind == .badData)
    #expect(failure?.subject?.hasSuffix("coarse.h5:/classes") == true)
  }

  /// A list of class names in which one repeats is refused and named.
  @Test func repeatedName() {
    let failure = failure("labels-called-classes/twice.h5")
    #expect(failure?.subject?.hasSuffix(":/@class_names") == true)
    #expect(failure?.reason == "it repeats a name: 'ant' occurs more than once")
  }

  /// A list of numbers holds the labels themselves, not names by position.
  @Test func listOfLabels() throws {
    let train = try read("labels-called-classes/values.h5").train
    #expect(train.classNames == ["1", "2", "3", "4", "5"] && train.labels == Self.labels)
  }

  /// A count is no list of one name.
  @Test(arguments: ["d", "other"]) func countOfClasses(name: String) throws {
    let set = try read("classes-attribute-is-a-count/\(name).h5")
    #expect(set.train.classNames == ["0", "1", "2", "3"])
    // One that is not the number of classes is worth a note.
    #expect(set.notes.contains { $0.contains("/y@classes is 10") } == (name == "other"))
  }

  /// Whole numbers of 0...255 are bytes, whatever their type, which a note says.
  @Test(arguments: ["i2", "u2", "i4", "u4", "i8", "u8"]) func otherIntegers(kind: String) throws {
    let set = try read("pixels-of-other-integers/\(kind).h5")
    #expect(try set.train.pixels == Self.bytes.map { Float($0) / 255 })
    #expect(set.notes.contains { $0.contains("read as the bytes 0...255") })
  }

  /// So are signed bytes, as far as they go.
  @Test func signedBytes() throws {
    let pixels = try read("pixels-of-other-integers/i1.h5").train.pixels
    #expect(pixels == Self.bytes.map { Float($0 / 2) / 255 })
  }

  /// The same when the pixels stay in the file and are read in blocks.
  @Test func otherIntegersInBlocks() throws {
    let set = try DatasetFile.read(
      Self.path("pixels-of-other-integers/i8.h5"), memory: 1 << 10)
    #expect(try set.train.pixels == Self.bytes.map { Float($0) / 255 })
  }

  /// A whole number outside 0...255 is refused with its image, type and value, wherever it is.
  @Test(arguments: [
    ("u2", "uint16", "40000"), ("i4", "int32", "-1"), ("u8", "uint64", "18446744073709551615"),
  ])
  func tooLargeIntegers(kind: String, type: String, value: String) {
    let failure = failure("pixels-of-other-integers/wrong-\(kind).h5")
    #expect(failure?.kind == .badData)
    #expect(failure?.subject?.hasSuffix(":/x") == true)
    #expect(failure?.reason.contains("\(type), and image 37 has a pixel of \(value)") == true)
  }

  /// Booleans are black and white: 0 and 1.
  @Test func booleans() throws {
    let set = try read("pixels-of-other-integers/bool.h5")
    let expected = stride(from: 0, to: Self.bytes.count, by: 3).map { Float(Self.bytes[$0] % 2) }
    #expect(try set.train.pixels == expected)
    #expect(set.notes.contains { $0.hasPrefix("The booleans of /x") })
  }

  /// Texts are class names, in the order of the alphabet, which a note says.
  @Test func textLabels() throws {
    let set = try read("text-labels/d.h5")
    #expect(set.train.classNames == Self.names)
    #expect(set.train.labels == Self.labels.map { 3 - $0 })
    #expect(set.notes.contains { $0.contains("class names, sorted: ant, bee, cat, dog") })
  }

  /// Texts mean the same classes in every part; names in the singular are found.
  @Test func textLabelsOfParts() throws {
    let set = try read("text-labels/parts.h5")
    #expect(set.train.classNames == Self.names && set.train.labels == Self.labels)
    #expect(set.test?.labels == [3, 2, 1, 0])
  }

  /// Numbers written as texts are numbers; `image` beside `label` is found.
  @Test func numbersAsTexts() throws {
    let train = try read("text-labels/image.h5").train
    #expect(train.classNames == ["0", "1", "2", "3"] && train.labels == Self.labels)
  }

  /// An empty text is no class, and named with its image.
  @Test func emptyText() {
    let failure = failure("text-labels/empty.h5")
    #expect(failure?.reason == "the label of image 7 is an empty text")
  }

  /// What h5py compressed with lzf is read, by a process of its own as well, whole or in rows.
  @Test(arguments: ["d", "shuffled", "checked"]) func lzf(name: String) throws {
    let root = try HDF5File.open(Self.path("lzf-and-the-remedy/\(name).h5")).root
    let expected = try root.dataset("expected").read(as: Float.self)
    #expect(try root.dataset("x").read(as: Float.self) == expected)
    #expect(
      try root.dataset("x").readRows(9..<13, as: Float.self)
        == Array(expected[9 * 108..<13 * 108]))
  }

  /// `inspect` reads lzf; of another filter it says how to do without.
  @Test func inspectsFilters() throws {
    let workspace = try Workspace()
    let outcome = try workspace.run("inspect", Self.path("lzf-and-the-remedy/d.h5"))
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("classes          4: 0 (10), 1 (10)"))
    try workspace.expectRefusal(
      ["inspect", Self.path("lzf-and-the-remedy/blosc.h5")], exitCode: 65, saying: ":/x: ",
      "the filter 32001", "hdf5plugin", "h5repack -f GZIP=4 old.h5 new.h5")
  }

  /// A file whose writer was killed is not called damaged: the remedy makes it readable.
  @Test func killedWriter() throws {
    let workspace = try Workspace()
    try FileManager.default.copyItem(
      atPath: Self.path("writer-was-killed/d.h5"), toPath: workspace.path("d.h5"))
    try workspace.expectRefusal(
      ["inspect", "d.h5"], exitCode: 65, saying: "d.h5: it is marked as open for writing",
      "run 'h5clear -s d.h5'")
  }

  /// A linear probe on 98 examples of which little tells the class is never at the prior.
  @Test func strengthOfTheProbe() throws {
    let workspace = try Workspace()
    let outcome = try workspace.run(
      "compare", "--weights", Self.path("strength-of-the-probe/id128.keras"), "--data",
      Self.path("strength-of-the-probe/d.h5"), "--sizes", "full", "--replicates", "10",
      "--strategies", "linear-probe", "--output", "c.h5", "--quiet")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let accuracies = try HDF5File.open(workspace.path("c.h5")).root
      .dataset("accuracy").read(as: Double.self)
    #expect(accuracies.count == 10 && accuracies.allSatisfy { $0 > 0.5 }, "\(accuracies)")
    // What scikit-learn has on other splits with every C of 100 and more.
    #expect(accuracies.reduce(0, +) / 10 > 0.84, "\(accuracies)")
  }

  /// A file that holds something else is not called results without an attribute.
  @Test(arguments: ["validate", "digest"]) func noResults(command: String) throws {
    let workspace = try Workspace()
    try workspace.addWeights()
    try workspace.expectRefusal(
      [command, "Datasets/simple.weights.h5"], exitCode: 65,
      saying: "Datasets/simple.weights.h5: it holds a network, not results", "tlbench inspect")
    try workspace.expectRefusal(
      [command, Self.path("text-labels/d.h5")], exitCode: 65,
      saying: "it holds a dataset, not results", "tlbench inspect")
  }

  /// Train sizes beyond the tasks' are refused with the way to larger tasks, in options and plans.
  @Test func largerTasks() throws {
    let workspace = try Workspace()
    try workspace.addWeights()
    try workspace.expectRefusal(
      Workspace.sweep("--sizes", "20000"), exitCode: 64,
      saying: "--sizes: 20000 is more than the 10000", "--task-size 20000")
  }
}
