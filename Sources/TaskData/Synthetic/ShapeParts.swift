import Foundation
package import Tensors

/// A grating: a cosine wave of one direction and one wavelength.
package struct Texture: Sendable, Hashable, Distinguishable {
  /// Cycles per pixel along the columns and the rows.
  package let frequency: (columns: Double, rows: Double)

  package static func == (first: Texture, second: Texture) -> Bool {
    first.frequency == second.frequency
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(frequency.columns)
    hasher.combine(frequency.rows)
  }

  /// Any direction, and a wavelength of 2.5 to 6 pixels.
  init(using generator: inout CounterGenerator) {
    let direction = Double.pi * Double(generator.uniform())
    let wavelength = 2.5 + 3.5 * Double(generator.uniform())
    frequency = (cos(direction) / wavelength, sin(direction) / wavelength)
  }

  /// The distance in cycles per eight pixels, about the width of a figure.
  func difference(from other: Texture) -> Double {
    let columns = (frequency.columns, other.frequency.columns)
    let rows = (frequency.rows, other.frequency.rows)
    // A wave and that of the opposite direction are the same.
    return 8
      * min(
        hypot(columns.0 - columns.1, rows.0 - rows.1),
        hypot(columns.0 + columns.1, rows.0 + rows.1))
  }

  /// The wave at a pixel, with a root mean square of 1.
  func value(row: Int, column: Int, phase: Double) -> Double {
    let cycles = frequency.columns * Double(column) + frequency.rows * Double(row)
    return 2.0.squareRoot() * cos(2 * .pi * cycles + phase)
  }
}

/// A closed outline around a centre: the radius at an angle is a constant and three waves.
package struct Outline: Sendable, Hashable, Distinguishable {
  /// The amplitudes of the cosines and sines of two, three and four waves around the centre.
  package let cosines: [Double]
  package let sines: [Double]
  /// Makes the area that of a circle of radius 1.
  private let scale: Double

  private static let angles = (0..<64).map { 2 * Double.pi * Double($0) / 64 }

  init(using generator: inout CounterGenerator) {
    var cosines: [Double] = []
    var sines: [Double] = []
    let weights = (0..<3).map { _ in 0.1 + 0.9 * Double(generator.uniform()) }
    let sum = weights.reduce(0, +)
    for weight in weights {
      let phase = 2 * Double.pi * Double(generator.uniform())
      let amplitude = Self.amplitude * weight / sum
      cosines.append(amplitude * cos(phase))
      sines.append(amplitude * sin(phase))
    }
    (self.cosines, self.sines) = (cosines, sines)
    // The area is half the integral of the squared radius, by Parseval's theorem.
    let power = (cosines + sines).reduce(0) { $0 + $1 * $1 }
    scale = 1 / (1 + power / 2).squareRoot()
  }

  /// The sum of the amplitudes; below 1, so that no radius is negative.
  private static let amplitude = 0.7

  /// The distance from the centre to the outline, for an outline with the area of a circle of
  /// radius 1.
  ///
  /// - Parameter angle: in radians.
  package func radius(at angle: Double) -> Double {
    var radius = 1.0
    for (index, (cosine, sine)) in zip(cosines, sines).enumerated() {
      let waves = Double(index + 2)
      radius += cosine * cos(waves * angle) + sine * sin(waves * angle)
    }
    return scale * radius
  }

  /// The root mean square of the difference of the radii over a third of the radius.
  func difference(from other: Outline) -> Double {
    let squares = Self.angles.map { pow(radius(at: $0) - other.radius(at: $0), 2) }
    return (squares.reduce(0, +) / Double(squares.count)).squareRoot() * 3
  }
}

/// Everything that determines an image of a textured shape, except its noise.
package struct ShapeSample: Sendable {
  package let object: ShapeGrammar.Object
  /// The centre of the shape, in pixels from the top and the left.
  package let center: (row: Double, column: Double)
  /// The radius of a circle with the area of the shape, in pixels.
  package let radius: Double
  /// The contrast of the figure and of the ground, 0.7..<1.3.
  package let contrasts: (figure: Double, ground: Double)
  /// The phase of the waves of figure and ground, in radians.
  package let phases: (figure: Double, ground: Double)
  private let side: Int

  /// Draws a place at most an eighth of the side off the middle, and a size of 0.85 to 1.15 times a
  /// radius of 0.28 sides.
  package init(
    of object: ShapeGrammar.Object, side: Int, using generator: inout CounterGenerator
  ) {
    func uniform(_ range: Range<Float>) -> Double { Double(generator.uniform(in: range)) }
    self.object = object
    self.side = side
    let (middle, reach) = (Double(side - 1) / 2, Double(side) / 8)
    center = (middle + reach * uniform(-1..<1), middle + reach * uniform(-1..<1))
    radius = 0.28 * Double(side) * uniform(0.85..<1.15)
    contrasts = (uniform(0.7..<1.3), uniform(0.7..<1.3))
    phases = (2 * .pi * uniform(0..<1), 2 * .pi * uniform(0..<1))
  }

  /// The image without noise, `[side, side]`; pixels on the outline are a mixture.
  package func painted(with grammar: ShapeGrammar) -> [Float] {
    let outline = grammar.outlines[object.shape]
    let (figure, ground) = (grammar.textures[object.figure], grammar.textures[object.ground])
    return (0..<side * side).map { pixel in
      let (row, column) = (pixel / side, pixel % side)
      let (down, right) = (Double(row) - center.row, Double(column) - center.column)
      let edge = radius * outline.radius(at: atan2(down, right))
      let inside = min(1, max(0, 0.5 + edge - hypot(down, right)))
      let front =
        contrasts.figure * figure.value(row: row, column: column, phase: phases.figure)
      let back =
        contrasts.ground * ground.value(row: row, column: column, phase: phases.ground)
      return Float(inside * front + (1 - inside) * back)
    }
  }
}
