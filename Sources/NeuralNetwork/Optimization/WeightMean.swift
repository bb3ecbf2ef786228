import Tensors

/// A mean of networks of the same structure, in double precision.
///
/// Only the given parameters are averaged; all others are those of the last network.
package struct WeightMean {
  private let names: [ParameterName]
  private var sums: [ParameterName: [Double]] = [:]
  private var total = 0.0

  /// The bytes of the sums so far.
  package var bytes: Int { sums.values.reduce(0) { $0 + $1.count } * MemoryLayout<Double>.stride }

  /// - Parameter names: the parameters to average.
  package init(of names: some Sequence<ParameterName>) { self.names = Array(names) }

  /// Adds a network.
  ///
  /// - Parameter weight: its share in the mean, before division by the sum of all (default: 1).
  package mutating func add(_ network: Network, weight: Double = 1) {
    for name in names {
      let values = network[name].values
      var sum = sums[name] ?? Array(repeating: 0, count: values.count)
      for index in values.indices { sum[index] += weight * Double(values[index]) }
      sums[name] = sum
    }
    total += weight
  }

  /// The network with the mean of the parameters.
  ///
  /// - Precondition: a network was added.
  package func mean(in network: Network) -> Network {
    var result = network
    for (name, sum) in sums { result[name].values = sum.map { Float($0 / total) } }
    return result
  }
}
