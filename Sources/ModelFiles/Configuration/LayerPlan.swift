import NeuralNetwork
import Tensors

/// The shape of a value between layers: vectors are images of height and width 1.
struct ValueShape: Hashable {
  var image: ImageShape
  /// Whether Keras gives the value one axis besides the batch, rather than three.
  var isVector: Bool
  /// Whether Keras gives it two: an image without an axis for its one channel.
  var isMatrix = false

  /// The number of axes in Keras, the batch included.
  var rank: Int { isVector ? 2 : isMatrix ? 3 : 4 }
}

/// What one layer of a configuration becomes: a chain of the engine's layers and the places that
/// its stored tensors go to.
struct LayerPlan {
  struct Step {
    enum Source {
      /// An input of the whole, by its position.
      case input(Int)
      /// The output of an earlier step.
      case step(Int)
    }

    /// The part of the name after the layer's own; `nil` for the layer that carries its name.
    let suffix: String?
    let layer: any Layer
    /// What it reads; `nil` for the step before, and for all inputs in the first step.
    var sources: [Source]?
  }

  /// A tensor that the file has for the layer.
  struct StoredRole {
    /// What Keras calls it, the present name first.
    let names: [String]
    /// The step and the role that it fills, unless it only belongs to the layer in Keras.
    let target: (step: Int, role: String)?
    /// The shape in the file, where it is not that of the parameter.
    var shape: [Int]?
    /// Whether the optimizer changes it: stored before those that it does not.
    var isWeight = true
  }

  var steps: [Step] = []
  /// In the order of the files; `nil` stands for the parameters of the steps.
  var tensors: [StoredRole]?
  /// Parameters that the configuration itself gives, by step and role.
  var constants: [(step: Int, role: String, values: [Float])] = []
  /// Whether the output is a vector to Keras; `nil` where that does not change.
  var yieldsVector: Bool?
  /// Whether the output is an image without an axis for its channel.
  var yieldsMatrix = false
  var note: String?

  /// A layer that becomes one of the engine's.
  static func single(_ layer: any Layer) -> LayerPlan {
    LayerPlan(steps: [Step(suffix: nil, layer: layer)])
  }

  /// A layer that does nothing in inference and that tlbench leaves out of training.
  static func nothing(_ note: String? = nil) -> LayerPlan { LayerPlan(note: note) }

  /// Adds the activation that a layer of Keras may apply to its own output.
  mutating func appendActivation(of layer: LayerConfiguration) throws(ModelError) {
    guard let (name, activation) = try ActivationFamily.activation("activation", of: layer) else {
      return
    }
    steps.append(Step(suffix: name, layer: activation))
  }
}

/// What the engine's layer is to Keras: the inverse of a plan.
struct LayerDescription {
  let className: String
  let options: [(String, JSONValue)]
  /// Where Keras finds the class.
  var module = "keras.layers"
  /// Whether the optimizer of Keras may change the layer.
  var isTrainable = true
  /// Extra part of the name for layers that prepare the input of the one that carries the name.
  var suffix: String?
  /// Whether the input has to be an image or a vector; `nil` where both will do.
  var wantsVector: Bool?
  var yieldsVector: Bool?
  /// Tensors that Keras stores after the parameters, such as a count that nothing reads.
  var trailing: [Tensor] = []
}

/// Layers that are alike, in both directions: from Keras' configuration and back.
protocol LayerFamily {
  /// The classes of Keras that ``plan(for:_:)`` understands.
  static var classes: Set<String> { get }

  static func plan(
    for layer: LayerConfiguration, _ inputs: [ValueShape]
  ) throws(ModelError) -> LayerPlan

  /// The layers of Keras that together do what the engine's layer does, the one with the
  /// parameters last; `nil` where the layer is not of this family.
  static func descriptions(
    of layer: any Layer, _ inputs: [ValueShape]
  ) throws(ModelError) -> [LayerDescription]?
}

/// All families of layers.
enum LayerFamilies {
  static var all: [any LayerFamily.Type] {
    [
      ConvolutionFamily.self, SeparableFamily.self, DenseFamily.self, BatchNormFamily.self,
      LayerNormFamily.self, InputScalingFamily.self, ActivationFamily.self, PoolingFamily.self,
      GlobalPoolingFamily.self, ShapeFamily.self, MergeFamily.self, DropoutFamily.self,
      TrainingOnlyFamily.self, LayerScaleFamily.self, ChannelFamily.self,
    ]
  }

  static func family(of className: String) -> (any LayerFamily.Type)? {
    all.first { $0.classes.contains(className) }
  }

  /// Limits that no layer meant in earnest comes near, so that sizes can be multiplied.
  static let kernelSides = 1...256
  static let strides = 1...256
  static let channels = 1...65_536
}
