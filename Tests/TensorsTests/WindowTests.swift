import Tensors
import Testing

/// Where windows lie and how rows move in and out of buffers.
struct WindowTests {
  /// "Same" padding gives ceil(size / stride) positions and puts the odd zero last, as TensorFlow's
  /// documentation computes it.
  @Test(
    arguments: [
      // size, kernel, stride, before, after, positions
      (8, 3, 1, 1, 1, 8), (8, 3, 2, 0, 1, 4), (7, 3, 2, 1, 1, 4), (7, 1, 2, 0, 0, 4),
      (8, 1, 2, 0, 0, 4), (2, 5, 1, 2, 2, 2), (1, 3, 2, 1, 1, 1), (5, 2, 1, 0, 1, 5),
      (10, 3, 3, 1, 1, 4),
    ])
  func samePadding(
    size: Int, kernel: Int, stride: Int, before: Int, after: Int, positions: Int
  ) {
    let shape = ImageShape(height: size, width: 4, channels: 3)
    let window = Window.same(kernel: kernel, stride: stride, over: shape)
    #expect(window.padTop == before && window.padBottom == after)
    let output = window.output(over: shape, channels: 6)
    #expect(output.height == positions && output.channels == 6)
  }

  /// Height and width are padded each by its own size.
  @Test func rectangles() {
    let shape = ImageShape(height: 8, width: 7, channels: 1)
    let window = Window.same(kernel: 3, stride: 2, over: shape)
    #expect(
      [window.padTop, window.padBottom, window.padLeft, window.padRight] == [0, 1, 1, 1])
    #expect(window.output(over: shape, channels: 1) == ImageShape(height: 4, width: 4, channels: 1))
  }

  /// A dilated kernel reaches over its gaps: 3 with a step of 2 is padded like 5.
  @Test func dilation() {
    let shape = ImageShape(height: 8, width: 7, channels: 1)
    let window = Window(kernelHeight: 3, kernelWidth: 3, dilationHeight: 2, dilationWidth: 1)
      .samePadded(over: shape)
    #expect([window.padTop, window.padBottom, window.padLeft, window.padRight] == [2, 2, 1, 1])
    #expect(window.output(over: shape, channels: 1) == shape)
  }

  /// A window that does not fit has no position, whatever its stride.
  @Test(arguments: 1...4)
  func windowsThatDoNotFit(stride: Int) {
    let window = Window.valid(height: 5, width: 3, stride: stride)
    let output = window.output(over: ImageShape(height: 4, width: 3, channels: 2), channels: 2)
    #expect(output == ImageShape(height: 0, width: 1, channels: 2))
  }

  /// Without padding, what does not fill a window is dropped.
  @Test func wholeWindows() {
    let window = Window.valid(height: 2, width: 2, stride: 2)
    let output = window.output(over: ImageShape(height: 7, width: 9, channels: 3), channels: 3)
    #expect(output == ImageShape(height: 3, width: 4, channels: 3))
  }

  /// A gather takes the rows in the order in which they are named, and again if named twice.
  @Test func gathering() throws {
    let buffer = try TensorBuffer.activations(batch: 3, shape: .vector(2))
    RowGather.copy(
      rows: [9, 3, 0, 3, 9][1..<4], of: [0, 1, 2, 3, 4, 5, 6, 7], rowLength: 2, into: buffer)
    #expect(buffer.contents == [6, 7, 0, 1, 6, 7])
  }

  /// Fewer rows than the buffer holds leave the others as they were.
  @Test func gatheringFewer() throws {
    let buffer = try TensorBuffer.activations(batch: 3, shape: .vector(2))
    buffer.fill([9, 9, 9, 9, 9, 9])
    RowGather.copy(rows: [1], of: [0, 1, 2, 3], rowLength: 2, into: buffer)
    #expect(buffer.contents == [2, 3, 9, 9, 9, 9])
  }

  /// Rows are appended from the front of a buffer, and copied behind those of another.
  @Test func copyingOut() throws {
    let buffer = try TensorBuffer.activations(batch: 3, shape: .vector(2))
    buffer.fill([1, 2, 3, 4, 5, 6])
    var values: [Float] = [0]
    RowGather.append(rows: 2, rowLength: 2, of: buffer, to: &values)
    #expect(values == [0, 1, 2, 3, 4])
    let other = try TensorBuffer.activations(batch: 4, shape: .vector(2))
    RowGather.copy(rows: 2, rowLength: 2, of: buffer, into: other, from: 1)
    #expect(other.contents == [0, 0, 1, 2, 3, 4, 0, 0])
  }
}
