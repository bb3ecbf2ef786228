/// The errors about files of `torch.save` that hold more than tensors or have another form, each
/// with a program in Python that makes a file of it that is read.
enum TorchRefusal {
  private static let ask =
    "Ask for its state dict: torch.save(model.state_dict(), 'model.pth'), or safetensors."

  /// The error about a checkpoint in the form of PyTorch before version 1.6.
  static func old(_ path: String) -> ModelError {
    ModelError(
      "it is a checkpoint in the form of PyTorch before 1.6, not the zip archive that torch.save "
        + "writes today",
      remedy: "Write it again: "
        + python(on: path) { source, target in
          "torch.save(torch.load(\(source), 'cpu', weights_only=True), \(target))"
        })
  }

  /// The error about an archive with a program of TorchScript.
  static func script(_ path: String) -> ModelError {
    ModelError(
      "it is a program of TorchScript (torch.jit.save), not the tensors of a network",
      remedy: "Write its state dict: "
        + python(on: path) { source, target in
          "torch.save(torch.jit.load(\(source), 'cpu').state_dict(), \(target))"
        })
  }

  /// What to do about a pickle with objects of Python that are not parts of tensors, such as a
  /// whole module.
  ///
  /// The line takes the tensors of the first known key that has some, or else of the value, or the
  /// checkpoint itself, that has most.
  static func remedy(for path: String) -> String {
    "\(ask) Only if you trust the file, let Python run it and write its tensors: "
      + python(on: path) { source, target in
        "m = torch.load(\(source), 'cpu', weights_only=False); "
          + "d = m if isinstance(m, dict) else {}; "
          + "c = [d.get(k) for k in ('state_dict', 'model_state_dict', 'model')] + [*d.values(), m]; "
          + "c = [v.state_dict() if hasattr(v, 'state_dict') else v for v in c]; "
          + "c = [{k: t for k, t in v.items() if torch.is_tensor(t)} if isinstance(v, dict) else {} "
          + "for v in c]; torch.save(next(filter(None, c[:3]), max(c, key=len)), \(target))"
      }
  }

  /// The command that runs a line of Python with the names of a file and of a new one.
  private static func python(on path: String, _ line: (String, String) -> String) -> String {
    let isPlain = !path.contains { "'\"\\$`\n".contains($0) }
    let source = isPlain ? path : "model.pth"
    var parts = source.split(separator: "/", omittingEmptySubsequences: false)
    let stem = parts.popLast()?.split(separator: ".").first ?? "model"
    let target = (parts + ["\(stem)-state.pth"]).joined(separator: "/")
    return "python3 -c \"import torch; \(line("'\(source)'", "'\(target)'"))\""
  }
}
