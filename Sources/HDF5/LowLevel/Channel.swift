#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// One end of the connection between a process and its reader.
///
/// Each call sends or receives all of its bytes, within a deadline if there is one.
package struct Channel {
  package enum Failure: Error, Hashable {
    /// The other end is closed.
    case closed
    /// The deadline has passed.
    case late
  }

  let input: Int32
  let output: Int32

  /// - Parameters:
  ///   - input: the descriptor to receive from.
  ///   - output: the descriptor to send to.
  package init(input: Int32, output: Int32) {
    self.input = input
    self.output = output
  }

  /// Makes the two ends of a new connection, which programs started later do not inherit.
  ///
  /// Returns `nil` if no descriptors are left. The near end never waits beyond a deadline.
  static func pair() -> (near: Channel, far: Channel)? {
    var ends: [Int32] = [-1, -1]
    #if canImport(Darwin)
      let kind = SOCK_STREAM
    #else
      let kind = Int32(SOCK_STREAM.rawValue)
    #endif
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { return nil }
    // Above the standard streams, in case those are closed.
    let moved = ends.map { fcntl($0, F_DUPFD_CLOEXEC, 3) }
    for end in ends { systemClose(end) }
    guard moved.allSatisfy({ $0 >= 0 }) else {
      for end in moved where end >= 0 { systemClose(end) }
      return nil
    }
    _ = fcntl(moved[0], F_SETFL, O_NONBLOCK)
    #if canImport(Darwin)
      var isOn: Int32 = 1
      setsockopt(
        moved[0], SOL_SOCKET, SO_NOSIGPIPE, &isOn, socklen_t(MemoryLayout<Int32>.size))
    #endif
    // A large buffer: with the system's default, large datasets take a fifth longer.
    for end in moved {
      var bytes: Int32 = 1 << 20
      setsockopt(end, SOL_SOCKET, SO_SNDBUF, &bytes, socklen_t(MemoryLayout<Int32>.size))
    }
    return (
      Channel(input: moved[0], output: moved[0]), Channel(input: moved[1], output: moved[1])
    )
  }

  func close() {
    systemClose(input)
    if output != input { systemClose(output) }
  }

  /// Sends all bytes.
  package func send(_ bytes: UnsafeRawBufferPointer, by deadline: Deadline? = nil) throws(Failure) {
    try transfer(bytes.count, output, Int16(POLLOUT), deadline) { done in
      bytes.baseAddress.map { systemSend(output, $0 + done, bytes.count - done) } ?? 0
    }
  }

  package func send(_ bytes: [UInt8], by deadline: Deadline? = nil) throws(Failure) {
    var trouble: Failure?
    bytes.withUnsafeBytes { bytes in
      do throws(Failure) { try send(bytes, by: deadline) } catch { trouble = error }
    }
    if let trouble { throw trouble }
  }

  /// Fills a buffer.
  func receive(
    into buffer: UnsafeMutableRawBufferPointer, by deadline: Deadline? = nil
  ) throws(Failure) {
    try transfer(buffer.count, input, Int16(POLLIN), deadline) { done in
      buffer.baseAddress.map { systemReceive(input, $0 + done, buffer.count - done) } ?? 0
    }
  }

  /// Receives a number of bytes; memory is allocated only as bytes arrive.
  package func receive(_ count: Int, by deadline: Deadline? = nil) throws(Failure) -> [UInt8] {
    let piece = 1 << 20
    var bytes: [UInt8] = []
    while bytes.count < count {
      let start = bytes.count
      bytes.append(contentsOf: repeatElement(0, count: min(piece, count - start)))
      var trouble: Failure?
      bytes.withUnsafeMutableBytes { buffer in
        do throws(Failure) {
          try receive(into: UnsafeMutableRawBufferPointer(rebasing: buffer[start...]), by: deadline)
        } catch {
          trouble = error
        }
      }
      if let trouble { throw trouble }
    }
    return bytes
  }

  /// Receives as many bytes as an array has, and replaces its elements with them.
  package func receive(into bytes: inout [UInt8], by deadline: Deadline? = nil) throws(Failure) {
    var trouble: Failure?
    bytes.withUnsafeMutableBytes { buffer in
      do throws(Failure) { try receive(into: buffer, by: deadline) } catch { trouble = error }
    }
    if let trouble { throw trouble }
  }

  /// Repeats a system call until it has transferred all bytes.
  private func transfer(
    _ count: Int, _ descriptor: Int32, _ event: Int16, _ deadline: Deadline?,
    _ move: (_ done: Int) -> Int
  ) throws(Failure) {
    var done = 0
    while done < count {
      let moved = move(done)
      if moved > 0 {
        done += moved
      } else if moved == 0 {
        throw .closed
      } else if errno == EAGAIN || errno == EWOULDBLOCK {
        try wait(for: event, on: descriptor, deadline)
      } else if errno != EINTR {
        throw .closed
      }
    }
  }

  private func wait(
    for event: Int16, on descriptor: Int32, _ deadline: Deadline?
  ) throws(Failure) {
    let milliseconds = deadline.map { max(0, $0.remainingMilliseconds) }
    if milliseconds == 0 { throw .late }
    var request = pollfd(fd: descriptor, events: event, revents: 0)
    _ = poll(&request, 1, milliseconds.map { Int32(clamping: $0) } ?? -1)
  }
}

/// A deadline on the monotonic clock.
package struct Deadline {
  package let seconds: Int
  private let end: ContinuousClock.Instant

  package init(seconds: Int) {
    self.seconds = seconds
    end = .now + .seconds(seconds)
  }

  /// The remaining time in milliseconds, rounded up; not positive once the deadline has passed.
  var remainingMilliseconds: Int {
    let rest = end - .now
    return Int(rest.components.seconds) * 1000
      + Int(rest.components.attoseconds / 1_000_000_000_000_000) + (rest > .zero ? 1 : 0)
  }
}

// System calls, under names that the methods above do not shadow.

private func systemClose(_ descriptor: Int32) { close(descriptor) }

/// Sends bytes; a closed connection does not raise a signal, which would end the process.
private func systemSend(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  #if canImport(Darwin)
    write(descriptor, bytes, count)
  #else
    send(descriptor, bytes, count, Int32(MSG_NOSIGNAL))
  #endif
}

private func systemReceive(
  _ descriptor: Int32, _ bytes: UnsafeMutableRawPointer, _ count: Int
) -> Int {
  read(descriptor, bytes, count)
}
