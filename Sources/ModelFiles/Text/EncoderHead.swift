import NeuralNetwork
import Records
import Tensors

/// The head that tlbench added to an encoder: pooling of the tokens, hidden layers, logits.
struct EncoderHead {
  private enum Part {
    case pool(TokenKernels.Pool)
    case dense(units: Int)
    case relu
  }

  private let parts: [(name: String, part: Part)]

  private static let kinds: [(String, TokenKernels.Pool)] = [
    ("mean", .mean), ("maximum", .maximum), ("first", .first), ("last", .last),
  ]

  /// The head of a network, which begins with the pooling of its tokens; dropout has no effect on a
  /// trained network and is left out.
  ///
  /// - Throws: `ModelError` for a network without such a head.
  init(of graph: NetworkGraph) throws(ModelError) {
    guard let start = graph.nodes.firstIndex(where: { $0.layer is TokenPool }) else {
      throw ModelError(
        .usage, "it has no head that pools its tokens to one vector",
        remedy: "Give a network of texts that 'tlbench train' wrote.")
    }
    var parts: [(name: String, part: Part)] = []
    for node in graph.nodes[start...] where !(node.layer is Dropout) {
      switch node.layer {
      case let layer as TokenPool: parts.append((node.name, .pool(layer.kind)))
      case let layer as Dense where layer.hasBias:
        parts.append((node.name, .dense(units: layer.units)))
      case is ReLU: parts.append((node.name, .relu))
      default: throw ModelError(.failed, "the layer '\(node.name)' of its head cannot be written")
      }
    }
    self.parts = parts
  }

  /// Reads a ``json``.
  init(_ json: JSONValue) throws(ModelError) {
    var parts: [(name: String, part: Part)] = []
    for item in json.array ?? [] {
      guard let name = item.object?["name"]?.string, let layer = item.object?["layer"]?.string,
        let part = EncoderHead.part(layer, item.object?["units"]?.integer)
      else { throw ModelError(at: "__metadata__", "its head is not as tlbench writes it") }
      parts.append((name, part))
    }
    self.parts = parts
  }

  private static func part(_ layer: String, _ units: Int?) -> Part? {
    if layer == "relu" { return .relu }
    if layer == "dense" {
      return units.flatMap { LayerFamilies.channels.contains($0) ? .dense(units: $0) : nil }
    }
    return kinds.first { layer == $0.0 }.map { .pool($0.1) }
  }

  var json: JSONValue {
    .array(
      parts.map { name, part in
        var members: [(String, JSONValue)] = [("name", .string(name))]
        switch part {
        case .pool(let kind):
          let word = EncoderHead.kinds.first { $0.1 == kind }?.0 ?? ""
          members.append(("layer", .string(word)))
        case .dense(let units):
          members += [("layer", .string("dense")), ("units", .integer(units))]
        case .relu: members.append(("layer", .string("relu")))
        }
        return .object(JSONObject(members))
      })
  }

  func add(to graph: inout NetworkGraph) throws(NetworkError) {
    for (name, part) in parts {
      switch part {
      case .pool(let kind):
        try graph.add(name, TokenPool(kind), .head, after: [graph.last, NetworkGraph.input])
      case .dense(let units): try graph.add(name, Dense(units: units), .head)
      case .relu: try graph.add(name, ReLU(), .head)
      }
    }
  }
}
