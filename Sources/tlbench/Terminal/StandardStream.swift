import Foundation

/// Writes to a standard stream by the system's own call, whose errors are known at once.
///
/// The buffers of the C library report at most the last error.
enum StandardStream {
  /// Takes the places of standard streams that the program was started without.
  ///
  /// The next files to be opened would get their numbers, and what is printed would be written into
  /// them.
  static func fillGaps() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number is given; writing to it fails as to a closed stream.
      _ = open("/dev/null", O_RDONLY)
    }
  }

  /// Writes a whole text, in as many parts as the stream takes.
  ///
  /// - Returns: the number of the error that ended the writing; `nil` if all was written.
  static func write(_ text: String, to descriptor: Int32) -> Int32? {
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
      let count = bytes[start...].withUnsafeBytes {
        Foundation.write(descriptor, $0.baseAddress, $0.count)
      }
      if count > 0 {
        start += count
      } else if count < 0, errno == EAGAIN {
        // Another program has made the terminal or pipe that it shares with this one non-blocking.
        wait(for: descriptor)
      } else if count == 0 || errno != EINTR {
        return count == 0 ? EIO : errno
      }
    }
    return nil
  }

  /// Waits until a stream takes more.
  private static func wait(for descriptor: Int32) {
    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    poll(&request, 1, -1)
  }
}
