import CHDF5

/// LZF, the compression that h5py calls `lzf`: Marc Lehmann's LibLZF 3, as the filter 32000 of
/// h5py's `lzf/lzf_filter.c` stores it.
///
/// A stream is a sequence of runs. A first byte below 32 is the length minus 1 of a run of literal
/// bytes. Any other first byte begins a repetition of earlier decoded bytes: its upper three bits
/// are the length minus 2 (if they are 7, the next byte is added), and its lower five bits with the
/// following byte are the distance minus 1.
enum LZF {
  /// The number that the HDF Group registered for h5py.
  static let filter: H5Z_filter_t = 32_000

  /// Decodes a stream, or only counts what it decodes to.
  ///
  /// - Parameter output: memory for the decoded bytes; `nil` to count them only.
  /// - Returns: the number of decoded bytes; `nil` if the stream is damaged or does not fit into
  ///   `output`.
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
        // Byte by byte, since a repetition may overlap itself.
        for index in written..<written + length { output[index] = output[index - distance] }
      }
      written += length
    }
    return written
  }

  /// Registers the decoder with the library.
  static func register() {
    _ = ch5_register_decoder(filter) { flags, valueCount, values, inputBytes, capacity, buffer in
      // The third value is the size of a chunk, which the caller has checked. With a checksum that
      // was added before the compression there are four more bytes.
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
