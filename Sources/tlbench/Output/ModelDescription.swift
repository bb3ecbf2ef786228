import ModelFiles
import NeuralNetwork
import Records
import Reports
import Transfer

/// The description of a network: its format, size and layers, and how the tensors of its file were
/// used.
struct ModelDescription {
  let file: PretrainedModel.FromFile

  init(_ file: PretrainedModel.FromFile) { self.file = file }

  var graph: NetworkGraph { file.model.network.graph }

  /// The description, several lines without a newline at the end.
  var text: String {
    (heading + [""] + layers + tensors).joined(separator: "\n")
  }

  private var heading: [String] {
    let model = file.model
    let flops = graph.nodes.reduce(0) { $0 + 2 * Double($1.multiplyAdds) }
    let own = file.report == nil
    let accuracy = model.sourceTestAccuracy.map { "\($0)" } ?? "unknown"
    let label = readsFeatures ? "features         " : "pixels           "
    let pixels = file.feed.map { [label + $0.summary] } ?? []
    let what = [
      own
        ? "pretrained weights, \(model.architecture) architecture"
        : "\(file.format), network \(model.architecture)",
      "input            \(input)",
      own
        ? "source task      \(model.sourceTask), \(graph.outputShape.channels) classes, "
          + "test accuracy \(accuracy)"
        : "output           \(output)",
    ]
    let size = [
      "layers           \(file.report?.layerCount ?? graph.nodes.count)",
      "parameters       \(NumberText.count(model.network.weightCount()))",
      "work             \(Quantity.flops(flops)) per \(example), forward",
      "new head         "
        + (head.isEmpty ? "nothing is removed" : "replaces \(head.joined(separator: ", "))"),
      "digest           \(model.digest)",
    ]
    return what + pixels + size
  }

  /// What the network reads.
  private var input: String {
    guard let embedding = graph.tokenEmbedding else { return "\(graph.inputShape)" }
    let heads = graph.attentionHeads
    let limit = embedding.largestLength.map { ", up to \($0)" } ?? ""
    return "tokens\(limit); ids 0...\(embedding.vocabulary - 1)"
      + (heads.map { "; \($0) heads" } ?? "")
  }

  private var output: String {
    guard graph.tokenEmbedding != nil, file.output == .maps else {
      return "\(graph.outputShape), \(file.output.summary(outputs: outputs))"
    }
    return "\(outputs) numbers per token"
  }

  /// Whether the network reads stored features, and neither images nor tokens.
  private var readsFeatures: Bool { file.model.network.inputContent == "features" }

  private var example: String {
    if graph.tokenEmbedding != nil { return "text of \(graph.inputShape.width) tokens" }
    return readsFeatures ? "example" : "image"
  }

  var outputs: Int { graph.outputShape.channels }

  var head: [String] { graph.nodes.filter { $0.group == .head }.map(\.name) }

  private var layers: [String] {
    let width = 2 + graph.nodes.reduce(26) { max($0, $1.name.count) }
    func line(_ columns: [String], _ last: String) -> String {
      let padded = zip(columns, [width, 8, 13, 15]).map { text, width in
        text + String(repeating: " ", count: max(1, width - text.count))
      }
      let line = padded.joined() + last
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
    return [line(["layer", "group", "output", "multiply-adds"], "parameters")]
      + graph.nodes.map { node in
        line(
          [
            node.name, node.group.rawValue, "\(node.outputShape)",
            node.multiplyAdds > 0 ? "\(node.multiplyAdds)" : "",
          ],
          node.parameters.map { "\($0.role) \($0.shape)" }.joined(separator: ", "))
      }
  }

  private var tensors: [String] {
    guard let report = file.report else { return [] }
    return ["", "\(report.loaded.count) tensors loaded, \(report.unused.count) not used"]
      + report.notes.map { "note: \($0)" }
      + report.unused.map { "not used: \($0.source), \($0.reason)" }
      + report.unfilled.map { "without a tensor: \($0)" }
  }
}
