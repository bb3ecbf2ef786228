package import Tensors

/// Decodes stored pixels into the numbers that a program computes with, directly into its buffer.
///
/// A number of output channel `c` is `(x / divisor - mean[c]) / deviation[c]`, in single precision
/// and in this order, where `x` is the stored value of the channel that `c` is taken from. Bytes
/// are looked up in tables of these numbers, or in one given table.
package struct PixelDecoder: Sendable {
  /// The stored channel that each output channel is taken from.
  package let sources: [Int]
  package let storedChannels: Int
  /// The decoded number of every byte, `[channels, 256]`; `[256]` if all channels have the same.
  private let table: [Float]
  private let divisor: Float
  private let mean: [Float]
  private let deviation: [Float]
  /// Whether all stored channels are taken, in their order.
  private let isInPlace: Bool
  /// Whether stored floats are already the decoded ones.
  private let isIdentity: Bool

  /// A decoder that keeps the order of the channels, and floats as they are.
  ///
  /// - Parameter table: the decoded number of every byte; empty for a store of floats.
  package init(channels: Int, table: [Float]) {
    self.init(
      sources: Array(0..<channels), storedChannels: channels, table: table, divisor: 1,
      mean: [Float](repeating: 0, count: channels),
      deviation: [Float](repeating: 1, count: channels))
  }

  /// Another decoder, with the stored channel that each of its channels is taken from.
  ///
  /// - Precondition: there is one source per channel, and all are below `storedChannels`.
  package init(_ decoder: PixelDecoder, sources: [Int], storedChannels: Int) {
    self.init(
      sources: sources, storedChannels: storedChannels, table: decoder.table,
      divisor: decoder.divisor, mean: decoder.mean, deviation: decoder.deviation)
  }

  /// A decoder that scales and shifts channels, for bytes and floats alike.
  ///
  /// - Precondition: one mean, deviation and source per channel.
  package init(
    sources: [Int], storedChannels: Int, divisor: Float, mean: [Float], deviation: [Float]
  ) {
    var table: [Float] = []
    for channel in sources.indices {
      for byte in 0..<256 {
        table.append((Float(byte) / divisor - mean[channel]) / deviation[channel])
      }
    }
    self.init(
      sources: sources, storedChannels: storedChannels, table: table, divisor: divisor,
      mean: mean, deviation: deviation)
  }

  private init(
    sources: [Int], storedChannels: Int, table: [Float], divisor: Float, mean: [Float],
    deviation: [Float]
  ) {
    precondition(
      sources.allSatisfy { (0..<storedChannels).contains($0) }, "a source is not a stored channel")
    precondition(mean.count == sources.count && deviation.count == sources.count)
    let isUniform =
      table.count > 256 && (256..<table.count).allSatisfy { table[$0] == table[$0 % 256] }
    self.table = isUniform ? Array(table[0..<256]) : table
    self.sources = sources
    self.storedChannels = storedChannels
    self.divisor = divisor
    self.mean = mean
    self.deviation = deviation
    isInPlace = sources == Array(0..<storedChannels)
    isIdentity =
      isInPlace && divisor == 1 && mean.allSatisfy { $0 == 0 } && deviation.allSatisfy { $0 == 1 }
  }

  /// Decodes one row of bytes, `[rows, pixels, storedChannels]`, into a row of a buffer.
  ///
  /// - Precondition: the row exists in both, and the decoder has a table.
  package func decode(
    row: Int, of bytes: [UInt8], pixels: Int, to position: Int, in buffer: TensorBuffer
  ) {
    buffer.withStorage { decode(row, of: bytes, pixels: pixels, to: position, in: $0) }
  }

  /// Decodes one row of floats into a row of a buffer.
  ///
  /// - Precondition: the row exists in both.
  package func decode(
    row: Int, of numbers: [Float], pixels: Int, to position: Int, in buffer: TensorBuffer
  ) {
    buffer.withStorage { decode(row, of: numbers, pixels: pixels, to: position, in: $0) }
  }

  /// Decodes one row of bytes into a row of an array.
  ///
  /// - Precondition: the row exists in both, and the decoder has a table.
  package func decode(
    row: Int, of bytes: [UInt8], pixels: Int, to position: Int, in array: inout [Float]
  ) {
    array.withUnsafeMutableBufferPointer {
      decode(row, of: bytes, pixels: pixels, to: position, in: $0)
    }
  }

  /// Decodes one row of floats into a row of an array.
  ///
  /// - Precondition: the row exists in both.
  package func decode(
    row: Int, of numbers: [Float], pixels: Int, to position: Int, in array: inout [Float]
  ) {
    array.withUnsafeMutableBufferPointer {
      decode(row, of: numbers, pixels: pixels, to: position, in: $0)
    }
  }

  private func decode(
    _ row: Int, of bytes: [UInt8], pixels: Int, to position: Int,
    in storage: UnsafeMutableBufferPointer<Float>
  ) {
    let (stored, channels) = (pixels * storedChannels, sources.count)
    precondition(!table.isEmpty, "bytes need a table")
    bytes.withUnsafeBufferPointer { all in
      table.withUnsafeBufferPointer { table in
        let source = UnsafeBufferPointer(rebasing: all[row * stored..<(row + 1) * stored])
        let destination = UnsafeMutableBufferPointer(
          rebasing: storage[position * pixels * channels..<(position + 1) * pixels * channels])
        if isInPlace, table.count == 256 {
          for index in 0..<stored { destination[index] = table[Int(source[index])] }
          return
        }
        let isShared = table.count == 256
        for channel in 0..<channels {
          let (from, values) = (sources[channel], isShared ? 0 : channel * 256)
          for pixel in 0..<pixels {
            destination[pixel * channels + channel] =
              table[values + Int(source[pixel * storedChannels + from])]
          }
        }
      }
    }
  }

  private func decode(
    _ row: Int, of numbers: [Float], pixels: Int, to position: Int,
    in storage: UnsafeMutableBufferPointer<Float>
  ) {
    let (stored, channels) = (pixels * storedChannels, sources.count)
    numbers.withUnsafeBufferPointer { all in
      let source = UnsafeBufferPointer(rebasing: all[row * stored..<(row + 1) * stored])
      let destination = UnsafeMutableBufferPointer(
        rebasing: storage[position * pixels * channels..<(position + 1) * pixels * channels])
      if isIdentity {
        _ = destination.update(fromContentsOf: source)
        return
      }
      for channel in 0..<channels {
        let (from, mean, deviation) = (sources[channel], mean[channel], deviation[channel])
        for pixel in 0..<pixels {
          destination[pixel * channels + channel] =
            (source[pixel * storedChannels + from] / divisor - mean) / deviation
        }
      }
    }
  }
}
