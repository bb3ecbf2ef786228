import CKernels

/// Computations of layers that do not use oneDNN: moving, broadcasting and scaling activations.
///
/// Activations are plain `[batch, height, width, channels]`; outputs are overwritten. The loops
/// themselves check nothing, so that every buffer is required to have the size that it is used
/// with.
package enum LayerKernels {
  /// destination = (source - center) × scale + offset, each `[channels]`.
  package static func affine(
    _ source: TensorBuffer, center: [Float], scale: [Float], offset: [Float],
    to destination: TensorBuffer
  ) {
    guard let d = destination.start, let s = source.start else { return }
    let channels = scale.count
    precondition(
      source.count == destination.count && source.count.isMultiple(of: channels)
        && center.count == channels && offset.count == channels)
    layer_affine(d, s, source.count / channels, channels, center, scale, offset)
  }

  /// The sum of each channel over all pixels, `[channels]`.
  package static func channelSums(_ source: TensorBuffer, to sums: TensorBuffer) {
    guard let d = sums.start, let s = source.start else { return }
    precondition(source.count.isMultiple(of: sums.count))
    layer_channel_sums(d, s, source.count / sums.count, sums.count)
  }

  /// destination = matrix + scale × down × up, all row by row.
  ///
  /// The matrix is `[rows, columns]`, down is `[rows, rank]` and up is `[rank, columns]`; the
  /// buffers of down, up and the result may be larger.
  package static func addProduct(
    of down: TensorBuffer, _ up: TensorBuffer, rank: Int, columns: Int, scale: Float,
    to matrix: TensorBuffer, into destination: TensorBuffer
  ) {
    guard let d = destination.start, let m = matrix.start, let a = down.start, let b = up.start
    else { return }
    let rows = matrix.count / columns
    precondition(
      rows * columns == matrix.count && matrix.count <= destination.count
        && rows * rank <= down.count && rank * columns <= up.count)
    layer_add_product(d, m, a, b, rows, rank, columns, scale)
  }

  /// destination = values, with `addition` added to those from `start` on.
  package static func add(
    _ addition: TensorBuffer, to values: TensorBuffer, at start: Int, into destination: TensorBuffer
  ) {
    guard let d = destination.start, let v = values.start, let a = addition.start else { return }
    precondition(
      start >= 0 && start + addition.count <= values.count && values.count <= destination.count)
    d.update(from: v, count: values.count)
    for index in 0..<addition.count { d[start + index] += a[index] }
  }

  /// Writes the channels of `source` to the channels of `destination` from `channel` on.
  package static func place(
    _ source: TensorBuffer, channels: Int, at channel: Int, of total: Int,
    in destination: TensorBuffer
  ) {
    guard let d = destination.start, let s = source.start else { return }
    let rows = source.count / channels
    precondition(channel >= 0 && channel + channels <= total && rows * total <= destination.count)
    layer_copy_channels(d + channel, total, s, channels, rows, channels)
  }

  /// Reads `channels` channels of `source`, which has `total`, from `channel` on.
  package static func take(
    channels: Int, at channel: Int, of total: Int, from source: TensorBuffer,
    to destination: TensorBuffer
  ) {
    guard let d = destination.start, let s = source.start else { return }
    let rows = source.count / total
    precondition(
      channel >= 0 && channel + channels <= total && rows * channels <= destination.count)
    layer_copy_channels(d, channels, s + channel, total, rows, channels)
  }

  /// Writes the given channels of `source`, which has `total`, to `destination` in this order.
  package static func select(
    _ channels: [Int], of total: Int, from source: TensorBuffer, to destination: TensorBuffer
  ) {
    guard let d = destination.start, let s = source.start else { return }
    let rows = source.count / total
    precondition(
      channels.allSatisfy { (0..<total).contains($0) } && rows * channels.count <= destination.count
    )
    for (place, channel) in channels.enumerated() {
      layer_copy_channels(d + place, channels.count, s + channel, total, rows, 1)
    }
  }

  /// The transpose of `select`: writes every channel to the one that it was selected from, and
  /// zeros to the channels that were not selected.
  package static func unselect(
    _ channels: [Int], of total: Int, from source: TensorBuffer, to destination: TensorBuffer
  ) {
    guard let d = destination.start, let s = source.start else { return }
    let rows = destination.count / total
    precondition(
      channels.allSatisfy { (0..<total).contains($0) } && rows * channels.count <= source.count)
    if channels.count < total { d.update(repeating: 0, count: destination.count) }
    for (place, channel) in channels.enumerated() {
      layer_copy_channels(d + channel, total, s + place, channels.count, rows, 1)
    }
  }

  /// Copies images into larger ones at row `top` and column `left`, with zeros around them.
  package static func pad(
    _ source: TensorBuffer, _ from: ImageShape, top: Int, left: Int, to destination: TensorBuffer,
    _ to: ImageShape
  ) {
    guard let d = destination.start, let s = source.start else { return }
    let batch = source.count / from.count
    precondition(to.holds(from, top: top, left: left) && batch * to.count <= destination.count)
    layer_pad(d, to.c, s, from.c, batch, top, left)
  }

  /// The transpose of `pad`: copies the inner images out.
  package static func crop(
    _ source: TensorBuffer, _ from: ImageShape, top: Int, left: Int, to destination: TensorBuffer,
    _ to: ImageShape
  ) {
    guard let d = destination.start, let s = source.start else { return }
    let batch = source.count / from.count
    precondition(from.holds(to, top: top, left: left) && batch * to.count <= destination.count)
    layer_crop(d, to.c, s, from.c, batch, top, left)
  }
}

/// Sums and products with broadcasting of axes of length 1.
package enum SpreadKernels {
  /// A buffer and the shape of one example in it.
  package struct Operand {
    package let buffer: TensorBuffer
    package let shape: ImageShape

    package init(_ buffer: TensorBuffer, _ shape: ImageShape) {
      self.buffer = buffer
      self.shape = shape
    }
  }

  package static func multiply(_ left: Operand, _ right: Operand, to result: Operand) {
    guard let d = result.buffer.start, let l = left.buffer.start, let r = right.buffer.start
    else { return }
    layer_spread_multiply(
      d, result.shape.c, l, left.shape.c, r, right.shape.c, result.batch)
  }

  package static func add(_ left: Operand, _ right: Operand, to result: Operand) {
    guard let d = result.buffer.start, let l = left.buffer.start, let r = right.buffer.start
    else { return }
    layer_spread_add(d, result.shape.c, l, left.shape.c, r, right.shape.c, result.batch)
  }

  /// result = gradient × factor (1 if `nil`), summed over the axes in which the result has length
  /// 1.
  package static func gradient(_ gradient: Operand, times factor: Operand?, to result: Operand) {
    guard let d = result.buffer.start, let g = gradient.buffer.start else { return }
    layer_spread_gradient(
      d, result.shape.c, g, gradient.shape.c, factor?.buffer.start,
      (factor ?? gradient).shape.c, gradient.batch)
  }
}

extension SpreadKernels.Operand {
  fileprivate var batch: Int { buffer.count / shape.count }
}

extension ImageShape {
  /// Whether an image has room for another one at this place.
  fileprivate func holds(_ inner: ImageShape, top: Int, left: Int) -> Bool {
    top >= 0 && left >= 0 && top + inner.height <= height && left + inner.width <= width
      && inner.channels == channels
  }

  var c: image_size { image_size(height: height, width: width, channels: channels) }
}

extension TensorBuffer {
  /// A pointer to the first value; `nil` as long as the buffer has no memory.
  var start: UnsafeMutablePointer<Float>? { storage.baseAddress }
}
