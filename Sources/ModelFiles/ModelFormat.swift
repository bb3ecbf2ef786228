/// The kinds of model files, by their content and not by their name.
package enum ModelFormat: String, Sendable, CaseIterable {
  /// A whole model as Keras 2, and Keras 3 on request, writes it to HDF5.
  case kerasLegacy
  /// The weights alone in the layout of Keras 2, as those of Keras' Applications.
  case kerasLegacyWeights
  /// The weights alone as Keras 3 writes them, `.weights.h5`.
  case kerasWeights
  /// A whole model as Keras 3 writes it, `.keras`.
  case kerasArchive
  /// Tensors by name, as `torch.nn.Module.state_dict()` has them.
  case torchStateDict
  /// Tensors by name in the format of safetensors.
  case safetensors
  /// Tensors by name in a zip archive of `torch.save`.
  case torchCheckpoint
  /// An encoder of transformers as its TensorFlow classes write it, `tf_model.h5`.
  case tensorFlowEncoder
  /// The weights alone of an encoder of KerasHub, `.weights.h5`.
  case kerasHubWeights
  /// A whole model of KerasHub, `.keras`, whose configuration names a class and no layers.
  case kerasHubArchive

  /// The name of the format for the user.
  package var title: String {
    switch self {
    case .kerasLegacy: "Keras model (.h5)"
    case .kerasLegacyWeights: "Keras weights (.h5)"
    case .kerasWeights: "Keras 3 weights (.weights.h5)"
    case .kerasArchive: "Keras 3 model (.keras)"
    case .torchStateDict: "PyTorch state dict"
    case .safetensors: "PyTorch tensors (safetensors)"
    case .torchCheckpoint: "PyTorch tensors (torch.save)"
    case .tensorFlowEncoder: "TensorFlow tensors of transformers (.h5)"
    case .kerasHubWeights: "KerasHub weights (.weights.h5)"
    case .kerasHubArchive: "KerasHub model (.keras)"
    }
  }
}
