import ModelFiles
import NeuralNetwork
import Records
import Reports
import Tensors
import Transfer

extension ModelDescription {
  /// The description for programs.
  var members: JSONObject {
    let model = file.model
    let flops = graph.nodes.reduce(0) { $0 + 2 * Double($1.multiplyAdds) }
    let isOwn = file.report == nil
    return [
      "kind": .string("network"),
      "name": .string(model.architecture),
      "file_format": .string(file.format),
      "digest": .string(model.digest),
      "input": graph.tokenEmbedding == nil ? graph.inputShape.json : .null,
      "tokens": graph.tokenEmbedding.map(tokens) ?? .null,
      "output": graph.outputShape.json,
      "yields": .string(file.output.summary(outputs: outputs)),
      "pixels": .string(file.feed?.summary),
      "source_task": isOwn ? .string(model.sourceTask) : .null,
      "source_test_accuracy": .metric(model.sourceTestAccuracy),
      "parameters": .integer(model.network.weightCount()),
      "flops_per_image": .number(flops),
      "replaced_layers": .array(head.map { .string($0) }),
      "layers": .array(graph.nodes.map(layer)),
      "tensors": file.report.map(tensors) ?? .null,
    ]
  }

  /// The tokens that the network reads.
  private func tokens(_ embedding: TokenEmbedding) -> JSONValue {
    .object([
      "length": .integer(graph.inputShape.width),
      "largest_length": .integer(embedding.largestLength),
      "vocabulary": .integer(embedding.vocabulary),
      "heads": .integer(graph.attentionHeads),
    ])
  }

  private func layer(_ node: NetworkGraph.Node) -> JSONValue {
    .object([
      "name": .string(node.name),
      "group": .string(node.group.rawValue),
      "output": node.outputShape.json,
      "multiply_adds": .integer(node.multiplyAdds),
      "parameters": .array(
        node.parameters.map { parameter in
          .object([
            "name": .string(parameter.role),
            "shape": .array(parameter.shape.map { .integer($0) }),
          ])
        }),
    ])
  }

  private func tensors(_ report: LoadReport) -> JSONValue {
    .object([
      "loaded": .integer(report.loaded.count),
      "unused": .array(
        report.unused.map {
          .object(["name": .string($0.source), "reason": .string($0.reason)])
        }),
      "unfilled": .array(report.unfilled.map { .string("\($0)") }),
      "notes": .array(report.notes.map { .string(OptionNames.applied(to: $0)) }),
    ])
  }
}

extension KernelTable {
  /// The table for programs.
  var members: JSONObject {
    [
      "batch": .integer(KernelTable.batch),
      "instruction_set": .string("\(kernelInstructionSet)"),
      "onednn": .string("\(oneDNNVersion)"),
      "onednn_instruction_set": .string("\(oneDNNInstructionSet)"),
      "layers": .array(
        layers.map { kernels in
          .object([
            "name": .string(kernels.layer),
            "absorbed_by": .string(kernels.absorbedBy),
            "forward": .array(kernels.forward.map { .string($0) }),
            "gradient_of_input": .array(kernels.data.map { .string($0) }),
            "gradient_of_parameters": .array(kernels.weights.map { .string($0) }),
          ])
        }),
    ]
  }
}
