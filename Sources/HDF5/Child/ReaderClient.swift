import Foundation

/// The parent's side of a file that a reader has open.
///
/// The reader is not trusted: lengths that it sends are checked against the request before memory
/// is allocated, and a mismatch is an error. After the first such error, or after the reader's end,
/// every further request fails with the same error.
final class ReaderClient {
  private let program: ReaderProgram
  private let process: ChildProcess
  /// Why the reader no longer answers, if so.
  private var end: (code: HDF5Error.Code, message: String)?

  /// Starts a reader.
  ///
  /// - Parameter extraBytes: memory that the reader may use in addition to the limits.
  init(_ program: ReaderProgram, extraBytes: Int, _ library: LibraryCall) throws(HDF5Error) {
    self.program = program
    let memory = program.limits.memoryBytes + extraBytes
    do {
      process = try ChildProcess(program, [ReadWorker.memoryOption, "\(memory >> 20)"])
    } catch {
      throw library.error(
        .noReader, "open the file", "the process that reads it cannot be started: \(error.reason)")
    }
  }

  /// Ends the reader; further requests fail.
  func close() {
    process.end()
    if end == nil { end = (.readFailed, "the file is closed") }
  }

  // MARK: Requests

  /// Sends a request whose answer is empty.
  func call(_ request: ReadRequest, _ library: LibraryCall, _ operation: String) throws(HDF5Error) {
    try ask(request, library, operation) { (reader) throws(MalformedMessage) in try reader.end() }
  }

  /// Sends a request whose answer is yes or no.
  func truth(
    of request: ReadRequest, _ library: LibraryCall, _ operation: String
  ) throws(HDF5Error) -> Bool {
    try ask(request, library, operation) { (reader) throws(MalformedMessage) in
      let byte = try reader.byte()
      try reader.end()
      guard byte <= 1 else { throw MalformedMessage("it is neither yes nor no") }
      return byte == 1
    }
  }

  /// Requests strings.
  func texts(
    _ request: ReadRequest, _ library: LibraryCall, _ operation: String
  ) throws(HDF5Error) -> [String] {
    try ask(request, library, operation) { (reader) throws(MalformedMessage) in
      let texts = try reader.texts()
      try reader.end()
      return texts
    }
  }

  /// Opens a dataset.
  func header(
    _ request: ReadRequest, _ library: LibraryCall, _ operation: String
  ) throws(HDF5Error) -> DatasetHeader {
    let message = try exchange(request, library, operation) { length in
      length <= ReadAnswer.largestText
    }
    return try decoded(library, operation) { () throws(MalformedMessage) in
      try DatasetHeader(message: message)
    }
  }

  /// Requests numbers whose count is not known in advance.
  func numbers<T: HDF5Number>(
    _ request: ReadRequest, as type: T.Type, _ library: LibraryCall, _ operation: String
  ) throws(HDF5Error) -> [T] {
    let stride = MemoryLayout<T>.stride
    let bytes = try exchange(request, library, operation) { length in
      length <= ReadAnswer.largestText && length % stride == 0
    }
    return [T](unsafeUninitializedCapacity: bytes.count / stride) { buffer, initialized in
      UnsafeMutableRawBufferPointer(buffer).copyBytes(from: bytes)
      initialized = bytes.count / stride
    }
  }

  /// Requests exactly as many bytes as a buffer holds, and receives them into it.
  func fill(
    _ buffer: UnsafeMutableRawBufferPointer, _ request: ReadRequest, workBytes: Int,
    _ library: LibraryCall, _ operation: String
  ) throws(HDF5Error) {
    let deadline = try send(request, workBytes: workBytes, [], library, operation)
    try receiveHeader(library, operation, deadline) { $0 == buffer.count }
    try transfer(library, operation, deadline) { () throws(Channel.Failure) in
      try process.channel.receive(into: buffer, by: deadline)
    }
  }

  /// Sends the bytes of a file to the reader, which opens it in memory.
  func open(image: [UInt8], named name: String, _ library: LibraryCall, _ operation: String)
    throws(HDF5Error)
  {
    var request = ReadRequest(.openImage, name)
    request.number = image.count
    let deadline = try send(request, workBytes: image.count, image, library, operation)
    try receiveHeader(library, operation, deadline) { $0 == 0 }
  }

  // MARK: Messages

  private func ask<Answer>(
    _ request: ReadRequest, _ library: LibraryCall, _ operation: String,
    _ decode: (inout MessageReader) throws(MalformedMessage) -> Answer
  ) throws(HDF5Error) -> Answer {
    let message = try exchange(request, library, operation) { $0 <= ReadAnswer.largestText }
    return try decoded(library, operation) { () throws(MalformedMessage) in
      var reader = MessageReader(message)
      return try decode(&reader)
    }
  }

  private func exchange(
    _ request: ReadRequest, _ library: LibraryCall, _ operation: String,
    isPossible: (_ length: Int) -> Bool
  ) throws(HDF5Error) -> [UInt8] {
    let deadline = try send(request, workBytes: 0, [], library, operation)
    let length = try receiveHeader(library, operation, deadline, isPossible: isPossible)
    return try transfer(library, operation, deadline) { () throws(Channel.Failure) in
      try process.channel.receive(length, by: deadline)
    }
  }

  private func send(
    _ request: ReadRequest, workBytes: Int, _ attachment: [UInt8], _ library: LibraryCall,
    _ operation: String
  ) throws(HDF5Error) -> Deadline {
    if let end { throw library.error(end.code, operation, end.message) }
    let seconds = program.limits.cpuSeconds(forBytes: workBytes)
    let deadline = Deadline(seconds: seconds * program.limits.patience)
    try transfer(library, operation, deadline) { () throws(Channel.Failure) in
      try process.channel.send(request.frame(cpuSeconds: seconds), by: deadline)
      if !attachment.isEmpty { try process.channel.send(attachment, by: deadline) }
    }
    return deadline
  }

  /// Receives the header of an answer and returns its length; throws if the answer is an error.
  @discardableResult
  private func receiveHeader(
    _ library: LibraryCall, _ operation: String, _ deadline: Deadline,
    isPossible: (_ length: Int) -> Bool
  ) throws(HDF5Error) -> Int {
    let header = try transfer(library, operation, deadline) { () throws(Channel.Failure) in
      try process.channel.receive(ReadAnswer.headerBytes, by: deadline)
    }
    let (answer, length) = try decoded(library, operation) { () throws(MalformedMessage) in
      try ReadAnswer.header(header)
    }
    guard answer == .failed else {
      guard isPossible(length) else {
        throw nonsense("its length is \(length)", library, operation)
      }
      return length
    }
    guard length <= ReadAnswer.largestText else {
      throw nonsense("its length is \(length)", library, operation)
    }
    let message = try transfer(library, operation, deadline) { () throws(Channel.Failure) in
      try process.channel.receive(length, by: deadline)
    }
    throw try decoded(library, operation) { () throws(MalformedMessage) in
      try HDF5Error(message: message, file: library.file)
    }
  }

  // MARK: Ends

  private func transfer<Value>(
    _ library: LibraryCall, _ operation: String, _ deadline: Deadline,
    _ body: () throws(Channel.Failure) -> Value
  ) throws(HDF5Error) -> Value {
    do {
      return try body()
    } catch {
      switch error {
      case .closed: throw ended(process.reap(), library, operation)
      case .late:
        let message = "reading it took more than \(deadline.seconds) s"
        throw ended(.readerFailed, message, library, operation)
      }
    }
  }

  private func decoded<Value>(
    _ library: LibraryCall, _ operation: String, _ body: () throws(MalformedMessage) -> Value
  ) throws(HDF5Error) -> Value {
    do {
      return try body()
    } catch {
      throw nonsense(error.reason, library, operation)
    }
  }

  private func nonsense(
    _ reason: String, _ library: LibraryCall, _ operation: String
  ) -> HDF5Error {
    ended(
      .readerFailed, "the process that reads it gave an answer that makes no sense (\(reason))",
      library, operation)
  }

  private func ended(
    _ ending: StartedProgram.Ending?, _ library: LibraryCall, _ operation: String
  ) -> HDF5Error {
    let message =
      switch ending {
      case .signal(SIGXCPU): "reading it took too much processor time"
      case .signal(SIGKILL): "the process that read it was killed, perhaps for lack of memory"
      case .signal(let number): "reading it made the HDF5 library crash (signal \(number))"
      case .exit(let code): "the process that read it ended by itself (exit code \(code))"
      case nil: "the process that reads it closed the connection"
      }
    return ended(.readerFailed, message, library, operation)
  }

  private func ended(
    _ code: HDF5Error.Code, _ message: String, _ library: LibraryCall, _ operation: String
  ) -> HDF5Error {
    process.end()
    end = (code, message)
    return library.error(code, operation, message)
  }
}
