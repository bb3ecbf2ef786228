/// Files of `torch.save`, which hold pickled Python objects: they are recognized but never read.
enum TorchCheckpoint {
  /// The first bytes of files that PyTorch wrote before version 1.6.
  private static let oldMark: [UInt8] = [
    0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
  ]
  /// The first member of the zip archives of newer versions.
  private static let firstMember = "data.pkl"
  /// How many bytes of a file ``isRecognized(_:)`` needs.
  static let startLength = 512

  /// Whether a file that begins with these bytes is a checkpoint.
  static func isRecognized(_ start: [UInt8]) -> Bool {
    if start.starts(with: oldMark) { return true }
    guard ZipArchive.isRecognized(start), start.count >= 30 else { return false }
    let length = Int(start[26]) | Int(start[27]) << 8
    guard 30 + length <= start.count else { return false }
    let name = String(decoding: start[30..<30 + length], as: UTF8.self)
    return name == firstMember || name.hasSuffix("/\(firstMember)")
  }

  /// The error about a checkpoint, with the way to convert it.
  static func refusal(of path: String) -> ModelError {
    let isPlain = !path.contains { "'\"\\$`\n".contains($0) }
    let source = isPlain ? path : "model.pth"
    let target =
      source.split(separator: "/", omittingEmptySubsequences: false).last
      .flatMap { $0.split(separator: ".").first }.map { "\($0).h5" } ?? "model.h5"
    return ModelError(
      "it is a checkpoint of PyTorch (torch.save): Python objects, which only PyTorch reads",
      remedy: "Write its state dict with h5py: python3 -c \"import h5py, torch; "
        + "s = torch.load('\(source)', 'cpu'); s = s.get('state_dict', s); "
        + "f = h5py.File('\(target)', 'w'); [f.create_dataset(k, data=v.float().numpy()) "
        + "for k, v in s.items() if torch.is_tensor(v)]\"")
  }
}
