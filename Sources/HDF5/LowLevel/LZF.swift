import CHDF5

/// LZF, the compression that h5py calls `lzf`: Marc Lehmann's LibLZF 3, as the filter 32000 of
/// h5py's `lzf/lzf_filter.c` stores it.
///
/// A stream is a row of runs. A first byte below 32 is the length of a run of literal bytes, less 1;
/// any other begins a repetition of bytes decoded before: its upper three bits are the length less 2
/// (with 7 of them a second byte is added), its lower five and the next byte how far back to go, less
/// 1.
enum LZF {
  /// The number that the HDF Group registered for h5py.
  static let filter: H5Z_filter_t = 32_000

  /// Decodes a stream, or only counts what it decodes to.
  ///
  /// - Parameter output: room for all that is decoded; `nil` to count.
  /// - Returns: the number of decoded bytes; `nil` for a stream that is damaged, and where there is
  ///   more of it than room.
  static func decode(
    _ stream: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer?
  ) -> Int? {
    var (position, written) = (0, 0)
    while position < stream.count {
      let control = Int(stream[position])
      position += 1
      if control < 32 {
        let length = control + 1
        guard length <= stream.count - position else { return nil }
        if let output {
          guard length <= output.count - written else { return nil }
          for index in 0..<length { output[written + index] = stream[position + index] }
        }
        position += length
        written += length
        continue
      }
      var length = control >> 5
      if length == 7 {
        guard position < stream.count else { return nil }
        length += Int(stream[position])
        position += 1
      }
      length += 2
      guard position < stream.count else { return nil }
      let distance = (control & 31) << 8 + Int(stream[position]) + 1
      position += 1
      guard distance <= written else { return nil }
      if let output {
        guard length <= output.count - written else { return nil }
        // Byte by byte: a repetition may reach into itself.
        for index in written..<written + length { output[index] = output[index - distance] }
      }
      written += length
    }
    return written
  }

  /// Lets the library decode such chunks.
  static func register() {
    _ = ch5_register_decoder(filter) { flags, valueCount, values, inputBytes, capacity, buffer in
      // The third value is the size of a chunk, which the caller has checked; with a checksum of
      // before the compression four bytes more.
      guard ch5_is_decoding(flags) != 0, valueCount >= 3, let expected = values.map({ Int($0[2]) }),
        let capacity, let buffer, let input = buffer.pointee
      else { return 0 }
      let stream = UnsafeRawBufferPointer(start: input, count: inputBytes)
      guard let length = LZF.decode(stream, into: nil), (expected...expected + 4).contains(length),
        let memory = ch5_allocate(length)
      else { return 0 }
      _ = LZF.decode(stream, into: UnsafeMutableRawBufferPointer(start: memory, count: length))
      H5free_memory(input)
      (buffer.pointee, capacity.pointee) = (memory, length)
      return length
    }
  }
}
