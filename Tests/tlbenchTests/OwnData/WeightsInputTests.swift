import Foundation
import TestSupport
import Testing

/// Weights that cannot be used: a sweep says why and leaves nothing behind.
struct WeightsInputTests {
  let workspace: Workspace
  private let file = "Datasets/simple.weights.h5"

  init() throws {
    workspace = try Workspace()
    try workspace.addWeights()
    try workspace.addTask()
  }

  private func expectRefusal(
    exitCode: Int32 = 65, object: String = "", saying reason: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try workspace.expectRefusal(
      Workspace.sweep(), exitCode: exitCode,
      saying: "cannot read the weights \(file)\(object): ", reason,
      sourceLocation: sourceLocation)
  }

  private func damage(_ change: (inout DamagedWeights) throws -> Void) throws {
    var weights = try DamagedWeights(of: workspace.path(file))
    try change(&weights)
    try weights.write(to: workspace.path(file))
  }

  /// The weights that the other tests spoil are good when they are only written again.
  @Test func rewritten() throws {
    try damage { _ in }
    #expect(try workspace.run(Workspace.sweep("--dry-run")).exitCode == 0)
  }

  /// Missing weights are a missing input, and the remedy is how to make them.
  @Test func missing() throws {
    try FileManager.default.removeItem(atPath: workspace.path(file))
    // Not the weights of the checkout, which the program would find.
    let outcome = try Tool.run(
      Workspace.sweep(), in: workspace.folder.url,
      environment: ["TLBENCH_DATA": workspace.path("none")])
    #expect(outcome.exitCode == 66)
    #expect(
      outcome.errors.hasPrefix(
        "tlbench: cannot read the weights \(file): there is no such file\n  Check the path."))
    #expect(outcome.errors.contains("Make weights with 'tlbench pretrain'"))
  }

  /// A folder in place of weights is a missing input.
  @Test func folder() throws {
    try FileManager.default.removeItem(atPath: workspace.path(file))
    try FileManager.default.createDirectory(
      atPath: workspace.path(file), withIntermediateDirectories: false)
    try expectRefusal(exitCode: 66, saying: "it is not a regular file")
  }

  /// Weights that are no HDF5 are bad data.
  @Test(arguments: ["", "layer,weight\n", "\u{89}HDF\n"])
  func notHDF5(text: String) throws {
    try workspace.write(Data(text.utf8), to: file)
    try expectRefusal(saying: "it is not an HDF5 file")
  }

  /// Weights cut off anywhere are bad data.
  @Test(arguments: [9, 64, 100, 512, 2048, 10_000, 50_000, 100_000, -1000, -1])
  func truncated(length: Int) throws {
    let whole = try workspace.bytes(of: file)
    try workspace.write(whole.prefix(length < 0 ? whole.count + length : length), to: file)
    try expectRefusal(saying: "it is cut off or damaged")
  }

  /// An HDF5 file without the attribute that says what it is is not one of tlbench's.
  @Test func anotherKind() throws {
    try workspace.write(workspace.bytes(of: Workspace.task), to: file)
    try expectRefusal(object: ":/", saying: "it has no attribute 'architecture'")
  }

  /// Weights of another architecture are refused with both names.
  @Test func anotherArchitecture() throws {
    try FileManager.default.removeItem(atPath: workspace.path(file))
    try workspace.addWeights("medium", as: file)
    try expectRefusal(object: ":/", saying: "for 'medium', not for 'simple'")
  }

  /// An architecture that nobody knows is refused with the list of known ones.
  @Test func unknownArchitecture() throws {
    try damage { $0.texts["architecture"] = "resnet" }
    try expectRefusal(object: ":/", saying: "'resnet' is unknown\n  The known ones are simple")
  }

  /// A parameter of another shape is named with both shapes.
  @Test func wrongShape() throws {
    try damage { $0.tensors["conv2d/vars/0"]?.shape = [16, 3, 3, 1] }
    try expectRefusal(
      object: ":/layers/conv2d/vars/0",
      saying: "block1_conv1/kernel has shape [16, 3, 3, 1] instead of [3, 3, 1, 16]")
  }

  /// A parameter that is not finite is named with its position.
  @Test(arguments: [Float.nan, .infinity])
  func notFinite(value: Float) throws {
    try damage { $0.tensors["conv2d/vars/0"]?.values[7] = value }
    try expectRefusal(object: ":/layers/conv2d/vars/0", saying: "has \(value) at position 7")
  }

  /// A missing layer is named.
  @Test func missingLayer() throws {
    try damage { weights in
      weights.tensors = weights.tensors.filter { !$0.key.hasPrefix("conv2d_1/") }
    }
    try expectRefusal(object: ":/layers/conv2d_1/vars/0", saying: "there is no 'conv2d_1'")
  }

  /// An image size or a number of classes that makes no sense is refused.
  @Test(arguments: [
    ("input_shape", [16, 16]), ("input_shape", [0, 16, 1]), ("input_shape", [-1, -1, 1]),
    ("input_shape", [1 << 40, 1 << 40, 1]), ("class_count", [0]), ("class_count", [1 << 60]),
  ])
  func senselessNumbers(attribute: String, values: [Int]) throws {
    try damage { $0.numbers[attribute] = values }
    try expectRefusal(object: ":/", saying: "makes no sense")
  }

  /// A missing attribute is named.
  @Test(arguments: ["source_task", "digest"])
  func missingAttribute(name: String) throws {
    try damage { $0.texts[name] = nil }
    try expectRefusal(object: ":/@\(name)", saying: "there is no such attribute")
  }

  /// Weights changed after they were written are refused by their digest.
  @Test func changed() throws {
    try damage { $0.tensors["conv2d/vars/0"]?.values[7] += 0.001 }
    try expectRefusal(object: ":/", saying: "does not match its digest")
  }

  /// Weights for images of another size than the tasks' are refused before any training.
  @Test func otherImages() throws {
    try DamagedWeights.writeForSmallImages(to: workspace.path(file))
    try workspace.expectRefusal(
      Workspace.sweep(), exitCode: 65, saying: "\(Workspace.task):/train/x",
      "its images are 16×16×1, the weights were trained on 8×8×1 images", "--weights")
  }
}
