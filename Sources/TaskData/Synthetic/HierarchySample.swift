package import Tensors

/// Everything that determines an image, except its noise.
package struct HierarchySample: Sendable {
  /// The parse tree by level: the class alone, then grids of side 2, 4, … in row order; the last
  /// holds the terminals.
  package let symbols: [[Int]]
  /// The contrast of every terminal's tile, 0.7..<1.3.
  package let amplitudes: [Float]
  /// Rows and columns by which the image is moved down and right, each -1, 0 or 1.
  package let shift: (rows: Int, columns: Int)

  /// Draws a derivation of `label` with its amplitudes and shift.
  package init(
    of label: Int, in grammar: HierarchyGrammar, using generator: inout CounterGenerator
  ) {
    var grids = [[label]]
    var side = 1
    for level in grammar.rules {
      var next = [Int](repeating: 0, count: 4 * side * side)
      for (cell, symbol) in (grids.last ?? []).enumerated() {
        let alternatives = level.productions[symbol]
        let children = alternatives[generator.index(below: alternatives.count)].children
        let corner = 4 * side * (cell / side) + 2 * (cell % side)
        next[corner] = children[0]
        next[corner + 1] = children[1]
        next[corner + 2 * side] = children[2]
        next[corner + 2 * side + 1] = children[3]
      }
      grids.append(next)
      side *= 2
    }
    symbols = grids
    amplitudes = (0..<side * side).map { _ in generator.uniform(in: 0.7..<1.3) }
    shift = (generator.index(below: 3) - 1, generator.index(below: 3) - 1)
  }

  package var label: Int { symbols[0][0] }

  package var terminals: [Int] { symbols[symbols.count - 1] }

  /// The image without noise, `[height, width]`; 0 where the shift uncovers the background.
  package func painted(with alphabet: TileAlphabet) -> [Float] {
    let tileSize = alphabet.tileSize
    let tilesPerRow = 1 << (symbols.count - 1)
    let side = tilesPerRow * tileSize
    var pixels = [Float](repeating: 0, count: side * side)
    for (cell, symbol) in terminals.enumerated() {
      let tile = alphabet.tiles[symbol]
      let top = cell / tilesPerRow * tileSize + shift.rows
      let left = cell % tilesPerRow * tileSize + shift.columns
      for row in 0..<tileSize where (0..<side).contains(top + row) {
        for column in 0..<tileSize where (0..<side).contains(left + column) {
          pixels[(top + row) * side + left + column] =
            amplitudes[cell] * tile[row * tileSize + column]
        }
      }
    }
    return pixels
  }
}
