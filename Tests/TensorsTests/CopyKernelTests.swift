import Tensors
import Testing

/// Copies between buffers: what the layouts of kernels change, and what has no room.
struct CopyKernelTests {
  /// A kernel and its gradient's layout, with room for the numbers in the order of the files.
  private func kernel() throws -> TensorBuffer {
    let input = try TensorBuffer.activations(
      batch: 2, shape: ImageShape(height: 5, width: 4, channels: 7))
    let output = try TensorBuffer.activations(
      batch: 2, shape: ImageShape(height: 5, width: 4, channels: 9))
    return try TensorBuffer.convolutionKernel(
      from: input, to: output, window: Window(kernelHeight: 1, kernelWidth: 1), count: 63)
  }

  /// Packing and unpacking as primitives move the same numbers as at once, also into memory that is
  /// placed later, and leave what is behind them.
  @Test func packing() throws {
    let numbers = normalNumbers(63, seed: 3)
    let kernel = try kernel()
    try kernel.pack(numbers)
    let room = try TensorBuffer.unplacedActivations(
      batch: 1, shape: ImageShape(height: 1, width: 1, channels: 70))
    let (unpack, pack) = (
      try Primitive.unpack(kernel, into: room), try Primitive.pack(room, into: kernel)
    )
    let arena = try TensorBuffer.vector(count: 96)
    try room.place(in: arena, at: 64)
    room.fill([Float](repeating: 5, count: 70))
    try unpack.runAlone()
    #expect(room.contents == numbers + [Float](repeating: 5, count: 7))
    room.fill(numbers.map { -$0 })
    try pack.runAlone()
    #expect(try kernel.unpack() == numbers.map { -$0 })
    #expect(unpack.reorderCount == 1 && pack.reorderCount == 1)
  }

  /// There has to be room for all numbers.
  @Test func noRoom() throws {
    let kernel = try kernel()
    let small = try TensorBuffer.vector(count: 62)
    #expect(throws: ComputeError.self) { try Primitive.unpack(kernel, into: small) }
    #expect(throws: ComputeError.self) { try Primitive.pack(small, into: kernel) }
  }

  #if compiler(>=6.2)
    /// Rows that do not exist are never read, nor written.
    @Test func missingRows() async {
      await #expect(processExitsWith: .failure) {
        let buffer = try TensorBuffer.vector(count: 6)
        RowGather.copy(rows: [2], of: [0, 1, 2, 3, 4], rowLength: 2, into: buffer)
      }
      await #expect(processExitsWith: .failure) {
        let buffer = try TensorBuffer.vector(count: 6)
        var values: [Float] = []
        RowGather.append(rows: 4, rowLength: 2, of: buffer, to: &values)
      }
      await #expect(processExitsWith: .failure) {
        let (source, buffer) = (
          try TensorBuffer.vector(count: 6), try TensorBuffer.vector(count: 6)
        )
        RowGather.copy(rows: 2, rowLength: 2, of: source, into: buffer, from: 2)
      }
    }

    /// Buffers of different sizes are not updated together, and an image does not leave another.
    @Test func differentSizes() async {
      await #expect(processExitsWith: .failure) {
        let (values, update) = (
          try TensorBuffer.vector(count: 6), try TensorBuffer.vector(count: 5)
        )
        VectorKernels.movingAverage(values, update: update, keeping: 0.5)
      }
      await #expect(processExitsWith: .failure) {
        let shape = ImageShape(height: 2, width: 3, channels: 1)
        let (small, large) = (
          try TensorBuffer.activations(batch: 1, shape: shape),
          try TensorBuffer.activations(
            batch: 1, shape: ImageShape(height: 3, width: 3, channels: 1))
        )
        LayerKernels.pad(
          small, shape, top: 2, left: 0, to: large, ImageShape(height: 3, width: 3, channels: 1))
      }
    }
  #endif
}
