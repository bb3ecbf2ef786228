import ModelFiles
import NeuralNetwork
import Tensors
import Testing

/// What a reader says about a file's tensors.
struct ReportTests {
  /// The state of an optimizer is left alone and listed.
  @Test(arguments: ["seqopt.keras"]) func optimizer(file: String) throws {
    let report = try ModelFile.read(fixture(file)).report
    #expect(report.unused.contains { $0.reason == "optimizer state" })
    #expect(!report.loaded.contains { $0.source.hasPrefix("/optimizer") })
  }

  /// Every parameter is filled from a tensor, and the report says from which.
  @Test func loaded() throws {
    let model = try ModelFile.read(fixture("tfk.h5"))
    #expect(
      Set(model.report.loaded.map(\.parameter)) == Set(model.network.graph.parameters.map(\.name)))
    #expect(
      model.report.loaded.contains {
        $0.source == "/model_weights/stem/stem/kernel:0"
          && $0.parameter == ParameterName(layer: "stem", role: "kernel")
      })
  }

  /// PyTorch's counts of batches are not needed.
  @Test func batchesTracked() throws {
    let report = try ModelFile.read(
      fixture("torch_vgg_bn.h5"),
      options: ModelReadingOptions(inputShape: ImageShape(height: 8, width: 12, channels: 3))
    ).report
    #expect(report.unused.count == 3)
    #expect(report.unused.allSatisfy { $0.source.hasSuffix("num_batches_tracked") })
  }

  /// A softmax at the end is taken off, which is said.
  @Test func softmax() throws {
    let model = try ModelFile.read(fixture("branches.keras"))
    #expect(model.endsInSoftmax)
    #expect(model.network.graph.nodes.last?.name == "classes")
    #expect(model.report.notes.contains { $0.contains("softmax") })
  }

  /// Layers that work in training only are left out, and named.
  @Test func trainingOnly() throws {
    let notes = try ModelFile.read(fixture("scaling.keras")).report.notes
    #expect(notes.count { $0.contains("left out") } == 3)
    #expect(notes.contains { $0.contains("'random_flip' (RandomFlip)") })
  }

  /// A shape that replaces the file's is said.
  @Test func otherShape() throws {
    let shape = ImageShape(height: 24, width: 20, channels: 3)
    let model = try ModelFile.read(
      fixture("fun.keras"), options: ModelReadingOptions(inputShape: shape))
    #expect(model.network.graph.inputShape == shape)
    #expect(model.report.notes.contains { $0.contains("32×32×3") })
  }
}
