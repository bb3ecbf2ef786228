import Records
import Tensors

extension WrittenModel {
  /// The configuration from which Keras 3 builds the model.
  var configuration: JSONValue {
    .object([
      // The module that Keras itself writes; the public name is only a function.
      "module": .string("keras.src.models.functional"),
      "class_name": .string("Functional"),
      "config": .object([
        "name": .string(name),
        "trainable": .boolean(true),
        "layers": .array(ordered.map(description)),
        "input_layers": reference(to: 0),
        "output_layers": reference(to: layers.count - 1),
      ]),
      "registered_name": .string("Functional"),
    ])
  }

  private func reference(to position: Int) -> JSONValue {
    .array([.string(layers[position].name), .integer(0), .integer(0)])
  }

  private func description(of layer: Layer) -> JSONValue {
    var config: [(String, JSONValue)] = [("name", .string(layer.name))]
    if layer.inputs.isEmpty {
      config += [("batch_shape", batchShape(layer.shape)), ("dtype", .string("float32"))]
    } else {
      config += [("trainable", .boolean(layer.isTrainable)), ("dtype", .string("float32"))]
    }
    return .object([
      "module": .string(layer.module),
      "class_name": .string(layer.className),
      "config": .object(JSONObject(config + layer.options)),
      "registered_name": layer.module == "keras.layers" ? .null : .string(layer.className),
      "name": .string(layer.name),
      "inbound_nodes": .array(layer.inputs.isEmpty ? [] : [call(layer.inputs)]),
    ])
  }

  private func call(_ inputs: [Int]) -> JSONValue {
    let tensors = inputs.map { position in
      JSONValue.object([
        "class_name": .string("__keras_tensor__"),
        "config": .object([
          "shape": batchShape(layers[position].shape),
          "dtype": .string("float32"),
          "keras_history": reference(to: position),
        ]),
      ])
    }
    // Layers that merge take one list, the others one tensor.
    let argument = tensors.count == 1 ? tensors[0] : .array(tensors)
    return .object(["args": .array([argument]), "kwargs": .object([:])])
  }

  private func batchShape(_ shape: ValueShape) -> JSONValue {
    let image = shape.image
    let sides = shape.isVector ? [image.channels] : [image.height, image.width, image.channels]
    return .array([.null] + sides.map { .integer($0) })
  }
}
