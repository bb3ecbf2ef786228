import NeuralNetwork
import Records
import Testing

/// Copies of layers with another setting.
struct CopyLawTests {
  private static let originals = [true, false].flatMap { hasScale in
    [true, false].map { hasCenter in
      BatchNorm(momentum: 0.97, epsilon: 1e-2, hasScale: hasScale, hasCenter: hasCenter)
    }
  }

  /// A copy with another momentum or epsilon differs in that setting alone.
  @Test(arguments: originals) func settings(original: BatchNorm) {
    let slower = original.with(momentum: 0.5)
    #expect(slower.momentum == 0.5)
    #expect(differences(original, slower) == ["momentum"])
    let rounder = original.with(epsilon: 0.25)
    #expect(rounder.epsilon == 0.25)
    #expect(differences(original, rounder) == ["epsilon"])
  }

  /// A network whose groups are cut anew has the layers that it had, whatever they are.
  @Test(arguments: LayerCase.all) func regrouping(_ layerCase: LayerCase) throws {
    let graph = try layerCase.graph(GradientRecorder())
    let copy = try graph.rebuilt { _, node in (node.layer, .early) }
    #expect(copy.nodes.map(\.name) == graph.nodes.map(\.name))
    #expect(copy.nodes.map(\.parameters) == graph.nodes.map(\.parameters))
    for (node, other) in zip(graph.nodes, copy.nodes) {
      #expect(differences(node.layer, other.layer).isEmpty)
    }
  }

  /// Names of the settings in which two layers of one kind differ.
  private func differences(_ first: any Layer, _ second: any Layer) -> [String] {
    let pairs = zip(Mirror(reflecting: first).children, Mirror(reflecting: second).children)
    return pairs.filter { "\($0.value)" != "\($1.value)" }.map { $0.0.label ?? "" }
  }
}
