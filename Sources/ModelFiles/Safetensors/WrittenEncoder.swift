import NeuralNetwork
import Records
import Tensors

/// An encoder of texts with a head in the format of safetensors: tensors with the names of
/// transformers, and the settings and the head as texts beside them.
struct WrittenEncoder {
  /// The text that holds the settings as `config.json` has them.
  static let configurationName = "config"

  private let tensors: [(name: String, tensor: Tensor)]
  private let metadata: [(String, JSONValue)]

  /// - Throws: `ModelError` for a network that is not an encoder with a head.
  init(_ network: Network, note: ModelNote, softmax: Bool) throws(ModelError) {
    guard let settings = EncoderSettings(of: network.graph) else {
      throw ModelError(
        .usage, "safetensors are written only of encoders of texts",
        remedy: "Use a name that ends in .keras.")
    }
    let head = try EncoderHead(of: network.graph)
    let names = EncoderTensors(settings, prefix: "")
    var tensors: [(name: String, tensor: Tensor)] = []
    for layer in names.layers(of: network.graph) {
      for slot in layer.slots {
        guard let target = slot.target else { continue }
        let tensor = network[target]
        // The transpose is its own inverse.
        let values = slot.transform.apply(tensor.values, shape: tensor.shape)
        tensors.append(
          ("\(layer.name).\(slot.names[0])", Tensor(shape: slot.shape, values: values)))
      }
    }
    self.tensors = tensors
    var json = note.json.object ?? [:]
    json["head"] = head.json
    json["softmax"] = .boolean(softmax)
    metadata = [
      ("format", .string("pt")),
      (WrittenEncoder.configurationName, .string(settings.configuration.text(.line))),
      (WrittenModel.noteAttribute, .string(JSONValue.object(json).text(.line))),
    ]
  }

  /// The content of the file.
  var bytes: [UInt8] {
    var members: [(String, JSONValue)] = [("__metadata__", .object(JSONObject(metadata)))]
    var offset = 0
    for (name, tensor) in tensors {
      let end = offset + tensor.values.count * MemoryLayout<Float>.stride
      members.append(
        (
          name,
          .object([
            "dtype": .string(ElementType.float32.rawValue), "shape": .integers(tensor.shape),
            "data_offsets": .integers([offset, end]),
          ])
        ))
      offset = end
    }
    var header = Array(JSONValue.object(JSONObject(members)).text(.line).utf8)
    // The tensors begin at a multiple of eight bytes.
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + offset)
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { bytes += $0 }
    bytes += header
    for (_, tensor) in tensors {
      tensor.values.withUnsafeBytes { bytes += $0 }
    }
    return bytes
  }
}
