import NeuralNetwork
import Records
import Tensors

/// The shape of a value between layers: vectors are images of height and width 1.
struct ValueShape: Hashable {
  var image: ImageShape
  /// Whether Keras gives the value one axis besides the batch, rather than three.
  var isVector: Bool
  /// Whether Keras gives the value two axes besides the batch: an image without a channel axis.
  var isMatrix = false

  /// The number of axes in Keras, the batch included.
  var rank: Int { isVector ? 2 : isMatrix ? 3 : 4 }
}

/// What one layer of a configuration becomes: a chain of the engine's layers, and the parameters
/// that its stored tensors fill.
struct LayerPlan {
  struct Step {
    enum Source {
      /// An input of the layer, by its position.
      case input(Int)
      /// The output of an earlier step.
      case step(Int)
    }

    /// The suffix after the layer's name; `nil` for the step that has this name alone.
    let suffix: String?
    let layer: any Layer
    /// The values that the step reads; `nil` for the output of the step before, or for all inputs
    /// in the first step.
    var sources: [Source]?
  }

  /// A tensor that the file has for the layer.
  struct StoredRole {
    /// Keras' names of the tensor, the present one first.
    let names: [String]
    /// The step and the role that the tensor fills; `nil` if it belongs to the layer only in Keras.
    let target: (step: Int, role: String)?
    /// The shape in the file, if it is not that of the parameter.
    var shape: [Int]?
    /// Whether the optimizer changes the tensor; such tensors are stored before the others.
    var isWeight = true
  }

  var steps: [Step] = []
  /// The tensors in the order of the file; `nil` means the parameters of the steps.
  var tensors: [StoredRole]?
  /// Parameters that the configuration itself gives, by step and role.
  var constants: [(step: Int, role: String, values: [Float])] = []
  /// Whether the output is a vector in Keras; `nil` if it is what the first input is.
  var yieldsVector: Bool?
  /// Whether the output is an image without a channel axis in Keras.
  var yieldsMatrix = false
  var note: String?

  /// The plan of a layer that becomes one layer of the engine.
  static func single(_ layer: any Layer) -> LayerPlan {
    LayerPlan(steps: [Step(suffix: nil, layer: layer)])
  }

  /// The plan of a layer that does nothing in inference and that tlbench trains without.
  static func nothing(_ note: String? = nil) -> LayerPlan { LayerPlan(note: note) }

  /// Adds the activation that a layer of Keras may apply to its own output.
  mutating func appendActivation(of layer: LayerConfiguration) throws(ModelError) {
    guard let (name, activation) = try ActivationFamily.activation("activation", of: layer) else {
      return
    }
    steps.append(Step(suffix: name, layer: activation))
  }
}

/// The layer of Keras that a layer of the engine becomes: the inverse of a ``LayerPlan``.
struct LayerDescription {
  let className: String
  let options: [(String, JSONValue)]
  /// The module in which Keras finds the class.
  var module = "keras.layers"
  /// Whether the optimizer of Keras may change the layer.
  var isTrainable = true
  /// The suffix of the name, for a layer that prepares the input of the layer with the plain name.
  var suffix: String?
  /// Whether the input has to be a vector or, if false, an image; `nil` if it can be either.
  var wantsVector: Bool?
  /// Whether the output is a vector in Keras; `nil` if it is what the input is.
  var yieldsVector: Bool?
  /// Tensors that Keras stores after the parameters, such as a count that nothing reads.
  var trailing: [Tensor] = []
}

/// A family of similar layers: their conversion from Keras' configuration and back.
protocol LayerFamily {
  /// The classes of Keras that ``plan(for:_:)`` understands.
  static var classes: Set<String> { get }

  static func plan(
    for layer: LayerConfiguration, _ inputs: [ValueShape]
  ) throws(ModelError) -> LayerPlan

  /// The layers of Keras that together do what the engine's layer does, the one with the
  /// parameters last; `nil` if the layer is not of this family.
  static func descriptions(
    of layer: any Layer, _ inputs: [ValueShape]
  ) throws(ModelError) -> [LayerDescription]?
}
