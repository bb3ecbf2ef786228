/// The order of the layers of a functional model in Keras, whatever their order in the file: the
/// numbers in a weights file follow it.
///
/// Layers are sorted by depth, the longest path to the output, the deepest first. Layers of one
/// depth are in the order in which a depth-first search from the output meets them (`map_graph` of
/// keras/src/ops/function.py).
enum KerasOrder {
  /// - Parameters:
  ///   - inputs: the positions of the layers that each layer reads; every layer leads to the last.
  /// - Returns: the positions in Keras' order.
  static func sorted(_ inputs: [[Int]]) -> [Int] {
    var depths = Array(repeating: 0, count: inputs.count)
    // Layers come after their inputs, so backwards every depth is final when it is used.
    for position in inputs.indices.reversed() {
      for input in inputs[position] {
        depths[input] = max(depths[input], depths[position] + 1)
      }
    }
    let met = meeting(inputs)
    return inputs.indices.sorted { first, second in
      depths[first] != depths[second]
        ? depths[first] > depths[second] : met[first] < met[second]
    }
  }

  /// The rank of each layer in a depth-first search from the last layer.
  private static func meeting(_ inputs: [[Int]]) -> [Int] {
    var met = Array(repeating: Int.max, count: inputs.count)
    var count = 0
    // The next layers to visit, the first on top: no recursion, since networks are deep.
    var open = inputs.isEmpty ? [] : [inputs.count - 1]
    while let position = open.popLast() {
      guard met[position] == Int.max else { continue }
      met[position] = count
      count += 1
      open += inputs[position].reversed()
    }
    return met
  }
}
