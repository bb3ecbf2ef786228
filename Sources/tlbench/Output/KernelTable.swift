import NeuralNetwork
import Tensors

/// The kernels that each layer of a network runs on this processor in a training step.
struct KernelTable {
  /// Examples per step.
  static let batch = 32

  let layers: [LayerKernelNames]

  init(_ graph: NetworkGraph) throws { layers = try graph.kernelNames(batch: KernelTable.batch) }

  /// The table below a heading, several lines without a newline at the end.
  var text: String {
    let heading = ["layer", "forward", "gradient of the input", "gradient of the kernel"]
    let rows = [heading] + layers.map(row)
    let widths = heading.indices.map { column in (rows.map { $0[column].count }.max() ?? 0) + 2 }
    let lines = rows.map { row in
      var line = ""
      for (text, width) in zip(row, widths) {
        line += text + String(repeating: " ", count: width - text.count)
      }
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
    let set = "\(kernelInstructionSet) (oneDNN \(oneDNNVersion): \(oneDNNInstructionSet))"
    return (["", "kernels for batches of \(KernelTable.batch), \(set)"] + lines)
      .joined(separator: "\n")
  }

  private func row(_ kernels: LayerKernelNames) -> [String] {
    if let other = kernels.absorbedBy { return [kernels.layer, "with \(other)", "", ""] }
    return [kernels.layer]
      + [kernels.forward, kernels.data, kernels.weights].map {
        $0.joined(separator: " + ")
      }
  }
}
