import Foundation
import HDF5
import Results
import TestSupport
import Testing

/// The layout of the file as seen by other programs.
struct StructureTests {
  let folder: TemporaryFolder
  let root: HDF5Group

  init() throws {
    folder = try TemporaryFolder()
    try ResultsFile.write(Sample.results(), to: folder.path("sweep.h5"))
    root = try HDF5File.open(folder.path("sweep.h5")).root
  }

  private static let cell = ["/similarity", "/train_size", "/strategy", "/replicate"]
  private static let overCells = [
    "accuracy", "log_loss", "train_accuracy", "wall_seconds", "cpu_seconds", "flops",
    "peak_bytes", "trainable_parameters", "total_parameters", "epochs", "status",
    "failure_reason", "history_length", "frozen_tensors", "loaded_tensors", "backbone_tensors",
    "frozen_digest_before", "frozen_digest_after", "loaded_layers", "early_rate", "middle_rate",
    "late_rate", "head_rate",
    "estimated_flops", "estimated_cpu_seconds", "estimated_peak_bytes",
  ]
  private static let overEpochs = [
    "epoch_loss", "epoch_accuracy", "epoch_learning_rate", "epoch_seconds",
    "epoch_validation_loss", "epoch_validation_accuracy",
  ]
  private static let coordinates = [
    "similarity", "train_size", "strategy", "replicate", "epoch",
  ]

  /// The file has the promised variables and no others.
  @Test func variables() throws {
    let expected = Self.overCells + Self.overEpochs + Self.coordinates + ["similarity_value"]
    #expect(try root.childNames() == expected.sorted())
  }

  /// Every axis of every variable is named by the scale of its dimension.
  @Test func scales() throws {
    for name in Self.overCells + Self.overEpochs {
      let dataset = try root.dataset(name)
      let expected = Self.cell + (Self.overEpochs.contains(name) ? ["/epoch"] : [])
      #expect(dataset.shape == [2, 2, 2, 3] + (expected.count == 5 ? [3] : []))
      let scales = try dataset.shape.indices.map { try dataset.scalePaths(axis: $0) }
      #expect(scales == expected.map { [$0] }, "\(name)")
    }
    #expect(try root.dataset("similarity_value").scalePaths(axis: 0) == ["/similarity"])
  }

  /// Every variable has a unit and a long name, and times are in `s`.
  @Test func descriptions() throws {
    for name in try root.childNames() {
      let attributes = try root.dataset(name).attributes
      #expect(try !attributes.readString("long_name").isEmpty, "\(name)")
      let units = try attributes.readString("units")
      #expect(
        units == (name.hasSuffix("_seconds") ? "s" : name.hasSuffix("peak_bytes") ? "byte" : "1"))
    }
  }

  /// Coordinates hold the labels and numbers of the plan.
  @Test func coordinates() throws {
    #expect(try root.dataset("similarity").readStrings() == ["medium", "0.1"])
    #expect(try root.dataset("similarity_value").read(as: Double.self) == [2.0 / 3, 0.1])
    #expect(try root.dataset("train_size").read(as: Int.self) == [100, 1000])
    #expect(
      try root.dataset("strategy").readStrings() == ["feature-extraction", "from-scratch"])
    #expect(try root.dataset("replicate").read(as: Int.self) == [0, 1, 2])
    #expect(try root.dataset("epoch").read(as: Int.self) == [1, 2, 3])
  }

  /// Missing and failed runs have fill values, and `status` distinguishes them.
  @Test func fillValues() throws {
    let missing = [0, 5, 23]
    let accuracy = try root.dataset("accuracy")
    let values = try accuracy.read(as: Double.self)
    #expect(values.indices.filter { values[$0].isNaN } == missing)
    #expect(try accuracy.attributes.readNumber("_FillValue", as: Double.self).isNaN)
    let epochs = try root.dataset("epochs").read(as: Int.self)
    #expect(epochs.indices.filter { epochs[$0] == -1 } == missing)
    #expect(try root.dataset("epochs").attributes.readNumber("_FillValue", as: Int.self) == -1)
    let status = try root.dataset("status")
    let statuses = try status.read(as: Int.self)
    #expect(missing.map { statuses[$0] } == [-1, 1, -1])
    #expect(try status.attributes.readNumbers("flag_values", as: Int.self) == [-2, -1, 0, 1])
    #expect(
      try status.attributes.readString("flag_meanings")
        == "not_planned missing completed failed")
    #expect(try root.dataset("failure_reason").readStrings()[5].hasPrefix("loss is not"))
  }

  /// A history is padded with NaN after its last epoch.
  @Test func padding() throws {
    let losses = try root.dataset("epoch_loss").read(as: Double.self)
    #expect(losses[2 * 3..<3 * 3].map(\.isNaN) == [false, false, true])
  }

  /// The attributes of the root describe the file and its origin.
  @Test func attributes() throws {
    let attributes = root.attributes
    #expect(try attributes.readString("Conventions") == "CF-1.10")
    #expect(try attributes.readString("weights_digest") == "c0ffee")
    #expect(try attributes.readString("command_line") == "tlbench sweep --sizes 100,1000")
    #expect(try attributes.readString("libraries") == #"["oneDNN 2.6.3","libhdf5 1.10.8"]"#)
  }

  private static let python = ProcessInfo.processInfo.environment["XARRAY_PYTHON"]

  /// xarray shows named dimensions and coordinates with both engines (if `XARRAY_PYTHON` names
  /// a Python that has xarray, h5netcdf and netCDF4).
  @Test(.enabled(if: python != nil))
  func xarray() throws {
    let script = Bundle.module.bundleURL.appending(path: "check_xarray.py").path
    let check = try StartedProgram(
      try #require(Self.python), [script, folder.path("sweep.h5")],
      environment: ProcessInfo.processInfo.environment, input: .null,
      output: .descriptor(STDOUT_FILENO), errors: .descriptor(STDERR_FILENO))
    #expect(check.wait(seconds: 120) == .exit(code: 0))
  }
}
