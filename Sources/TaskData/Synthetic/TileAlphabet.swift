import Foundation
package import Tensors

/// The terminals of a grammar: small oriented Gabor-like patterns, pairwise clearly different.
///
/// Every tile has mean 0 and root mean square 1. Tiles with opposite contrast are different tiles.
package struct TileAlphabet: Sendable, Hashable {
  /// Side of a tile in pixels.
  package let tileSize: Int
  /// One tile per terminal symbol, each `[tileSize, tileSize]`.
  package let tiles: [[Float]]

  /// Draws an alphabet of `count` new tiles.
  package init(count: Int, tileSize: Int, using generator: inout CounterGenerator) {
    self.tileSize = tileSize
    var drawn: [[Float]] = []
    for _ in 0..<count {
      drawn.append(TileAlphabet.tile(of: tileSize, unlike: drawn, using: &generator))
    }
    tiles = drawn
  }

  /// Keeps the fraction `share` of the tiles of `source` and replaces the others.
  ///
  /// A new tile is unlike the others of its alphabet and unlike the one that it replaces.
  package init(
    keeping share: Double, of source: TileAlphabet, using generator: inout CounterGenerator
  ) {
    tileSize = source.tileSize
    let kept = keptSymbols(of: source.tiles.count, share: share, using: &generator)
    var present = kept.indices.filter { kept[$0] }.map { source.tiles[$0] }
    var result = source.tiles
    for symbol in kept.indices where !kept[symbol] {
      let tile = TileAlphabet.tile(
        of: tileSize, unlike: present + [source.tiles[symbol]], using: &generator)
      result[symbol] = tile
      present.append(tile)
    }
    tiles = result
  }

  private init(tileSize: Int, tiles: [[Float]]) {
    self.tileSize = tileSize
    self.tiles = tiles
  }

  /// The alphabet with every tile blended with the tile of its number in `source`: the sum of
  /// cos φ · source and sin φ · own with φ = (1 - share) · 90 degrees, scaled to a root mean
  /// square of 1.
  ///
  /// - Parameters:
  ///   - share: 0 leaves every tile as it is, 1 gives the tiles of `source`.
  ///   - source: an alphabet with at least as many tiles of the same size.
  func blended(_ share: Double, with source: TileAlphabet) -> TileAlphabet {
    // The ends are exact.
    if share == 0 { return self }
    if share == 1 { return source }
    let angle = (1 - share) * Double.pi / 2
    return TileAlphabet(
      tileSize: tileSize,
      tiles: zip(tiles, source.tiles).map { own, kept in
        let sum = zip(own, kept).map { sin(angle) * Double($0) + cos(angle) * Double($1) }
        let power = sum.reduce(0) { $0 + $1 * $1 } / Double(sum.count)
        // Tiles of opposite contrast cancel each other.
        guard power > 1e-6 else { return own }
        return sum.map { Float($0 / power.squareRoot()) }
      })
  }

  /// The cosine of the angle between two tiles: 1 for equal ones, -1 for opposite contrast.
  package static func cosine(_ first: [Float], _ second: [Float]) -> Float {
    zip(first, second).reduce(0) { $0 + $1.0 * $1.1 } / Float(first.count)
  }

  /// Draws until a tile is unlike all `others`.
  ///
  /// Unlike means a cosine of at most 0.5, that is an angle of at least 60 degrees. The bound is
  /// raised by 0.05 after every 100 rejections, since a small tile has room for a few directions
  /// only.
  private static func tile(
    of size: Int, unlike others: [[Float]], using generator: inout CounterGenerator
  ) -> [Float] {
    var bound: Float = 0.5
    while true {
      for _ in 0..<100 {
        guard let candidate = gabor(size: size, using: &generator) else { continue }
        if others.allSatisfy({ cosine($0, candidate) <= bound }) { return candidate }
      }
      bound += 0.05
    }
  }

  /// A cosine wave under a Gaussian window, with half to one and a quarter cycles per tile, of any
  /// direction and phase; `nil` for one that is almost constant.
  private static func gabor(size: Int, using generator: inout CounterGenerator) -> [Float]? {
    let direction = Double.pi * Double(generator.uniform())
    let cyclesPerTile = 0.5 + 0.75 * Double(generator.uniform())
    let phase = 2 * Double.pi * Double(generator.uniform())
    let wave = 2 * Double.pi * cyclesPerTile / Double(size)
    let width = Double(size) / 2
    let center = Double(size - 1) / 2
    var values: [Double] = []
    for row in 0..<size {
      for column in 0..<size {
        let (y, x) = (Double(row) - center, Double(column) - center)
        let window = exp(-(x * x + y * y) / (2 * width * width))
        let along = x * cos(direction) + y * sin(direction)
        values.append(window * cos(wave * along + phase))
      }
    }
    let mean = values.reduce(0, +) / Double(values.count)
    let power = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    guard power > 0.04 else { return nil }
    return values.map { Float(($0 - mean) / power.squareRoot()) }
  }
}

/// Chooses which of `count` symbols keep what they have: the fraction `share` of them, rounded.
///
/// For one state of the generator, a larger fraction keeps all that a smaller one keeps.
func keptSymbols(
  of count: Int, share: Double, using generator: inout CounterGenerator
) -> [Bool] {
  var order = Array(0..<count)
  generator.shuffle(&order)
  var kept = [Bool](repeating: false, count: count)
  for symbol in order.prefix(Int((share * Double(count)).rounded())) { kept[symbol] = true }
  return kept
}
