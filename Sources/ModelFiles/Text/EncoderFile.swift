/// The tensors of a file with an encoder of texts, under the names that transformers gives them in
/// PyTorch.
struct EncoderFile {
  /// The tensors by these names; in a layout other than PyTorch's, those without such a name are
  /// under their paths.
  let tensors: StateDict
  let layout: EncoderTensors.Layout
  /// Why tensors without a name are not used, by their paths; others of them are unexpected.
  let ignored: [String: String]

  init(
    _ tensors: StateDict, as layout: EncoderTensors.Layout = .torch,
    ignoring ignored: [String: String] = [:]
  ) {
    self.tensors = tensors
    self.layout = layout
    self.ignored = ignored
  }
}
