import NeuralNetwork
public import Records

extension PretrainedModel {
  /// Names of the layers that have parameters and can be transferred, input first.
  public var layerNames: [String] {
    network.graph.parameterLayers(in: LayerGroup.backbone)
  }

  /// Reads weights that tlbench wrote, a Keras model with its configuration, or a PyTorch state
  /// dict.
  ///
  /// Reading is strict: every tensor must be present and have the expected shape. <doc:OwnData>
  /// lists the formats. This method reads the file in the calling process; `tlbench` uses a
  /// separate process, since a damaged file may crash the HDF5 library.
  ///
  /// - Throws: ``TransferError/fileMissing(_:)`` or ``TransferError/invalidFile(_:)``, which name
  ///   the file, the object in it, the reason and a remedy.
  public static func load(_ path: String) throws(TransferError) -> PretrainedModel {
    try TransferError.translating { try read(path).model }
  }

  /// Freezes every transferred layer.
  public mutating func freeze() { frozenLayers = Set(layerNames) }

  /// Freezes layers by name.
  ///
  /// - Throws: ``TransferError/unknownLayer(_:known:)`` if a layer does not exist; no layer is then
  ///   frozen.
  public mutating func freeze(_ layers: String...) throws(TransferError) {
    frozenLayers.formUnion(try checked(layers))
  }

  /// Freezes the layers of a group.
  ///
  /// - Throws: ``TransferError/headIsAlwaysTrained`` for the head.
  public mutating func freeze(_ group: LayerGroup) throws(TransferError) {
    guard group != .head else { throw .headIsAlwaysTrained }
    frozenLayers.formUnion(network.graph.parameterLayers(in: [group]))
  }

  /// Unfreezes every layer.
  public mutating func unfreeze() { frozenLayers = [] }

  /// Unfreezes layers by name.
  ///
  /// - Throws: ``TransferError/unknownLayer(_:known:)`` if a layer does not exist; no layer is then
  ///   unfrozen.
  public mutating func unfreeze(_ layers: String...) throws(TransferError) {
    frozenLayers.subtract(try checked(layers))
  }

  /// Unfreezes the layers of a group.
  ///
  /// - Throws: ``TransferError/headIsAlwaysTrained`` for the head.
  public mutating func unfreeze(_ group: LayerGroup) throws(TransferError) {
    guard group != .head else { throw .headIsAlwaysTrained }
    frozenLayers.subtract(network.graph.parameterLayers(in: [group]))
  }

  /// Whether a layer is frozen, so that training does not change it.
  ///
  /// - Throws: ``TransferError/unknownLayer(_:known:)`` if the layer does not exist.
  public func isFrozen(_ layer: String) throws(TransferError) -> Bool {
    frozenLayers.contains(try checked([layer])[0])
  }

  /// Returns the given names if all of them are names of layers.
  func checked(_ layers: [String]) throws(TransferError) -> [String] {
    let known = layerNames
    if let unknown = layers.first(where: { !known.contains($0) }) {
      throw .unknownLayer(unknown, known: known)
    }
    return layers
  }
}
