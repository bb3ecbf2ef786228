import Tensors
package import NeuralNetwork

/// The group names under `layers/` in Keras 3 weight files.
///
/// A layer's group is its class in snake case; a second layer of the class gets `_1`, and so on, in
/// the order of the model's layers.
package enum KerasNames {
  /// Numbers the layers of a model.
  struct Counter {
    private var counts: [String: Int] = [:]

    /// The group of the next layer of a class.
    mutating func group(of className: String) -> String {
      let base = snakeCase(className)
      let count = counts[base, default: 0]
      counts[base] = count + 1
      return count == 0 ? base : "\(base)_\(count)"
    }
  }

  /// Group names of all layers of a graph, in its order.
  package static func groups(of graph: NetworkGraph) -> [String] {
    var counter = Counter()
    return graph.nodes.map { counter.group(of: $0.layer.kerasClass) }
  }

  /// A class name in snake case: `MaxPooling2D` becomes `max_pooling2d`, `ReLU` becomes `re_lu`.
  ///
  /// An underscore is put before a capital that a small letter follows or precedes.
  package static func snakeCase(_ name: String) -> String {
    let letters = Array(name)
    var result = ""
    for (index, letter) in letters.enumerated() {
      if letter.isUppercase, index > 0 {
        let startsWord = index + 1 < letters.count && letters[index + 1].isLowercase
        let afterSmall = letters[index - 1].isLowercase
        if startsWord || afterSmall { result += "_" }
      }
      result += letter.lowercased()
    }
    return result
  }
}
