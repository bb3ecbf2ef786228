import Foundation

/// A file that a reader has open: the parent's side.
///
/// Nothing that the reader sends is believed: its lengths are compared with what was asked for
/// before memory is taken, and what does not fit is an error. After the first such error, or the
/// reader's end, every further request has that error as well.
final class ReaderClient {
  private let program: ReaderProgram
  private let process: ChildProcess
  /// Why the reader does not answer any more.
  private var end: (code: HDF5Error.Code, message: String)?

  /// Starts a reader.
  ///
  /// - Parameter extraBytes: memory that it may use beside what the limits say.
  init(_ program: ReaderProgram, extraBytes: Int, _ door: Door) throws(HDF5Error) {
    self.program = program
    let memory = program.limits.memoryBytes + extraBytes
    do {
      process = try ChildProcess(program, ["--memory-mib", "\(memory >> 20)"])
    } catch {
      throw door.error(
        .noReader, "open the file", "the process that reads it cannot be started: \(error.reason)")
    }
  }

  /// Ends the reader; further requests have an error.
  func close() {
    process.end()
    if end == nil { end = (.readFailed, "the file is closed") }
  }

  // MARK: Requests

  /// Asks for something whose answer is empty.
  func call(_ request: ReadRequest, _ door: Door, _ operation: String) throws(HDF5Error) {
    try ask(request, door, operation) { (reader) throws(MalformedMessage) in try reader.end() }
  }

  /// Asks a question.
  func truth(
    of request: ReadRequest, _ door: Door, _ operation: String
  ) throws(HDF5Error) -> Bool {
    try ask(request, door, operation) { (reader) throws(MalformedMessage) in
      let byte = try reader.byte()
      try reader.end()
      guard byte <= 1 else { throw MalformedMessage("it is neither yes nor no") }
      return byte == 1
    }
  }

  /// Asks for texts.
  func texts(
    _ request: ReadRequest, _ door: Door, _ operation: String
  ) throws(HDF5Error) -> [String] {
    try ask(request, door, operation) { (reader) throws(MalformedMessage) in
      let texts = try reader.texts()
      try reader.end()
      return texts
    }
  }

  /// Opens a dataset.
  func header(
    _ request: ReadRequest, _ door: Door, _ operation: String
  ) throws(HDF5Error) -> DatasetHeader {
    let message = try exchange(request, door, operation) { length in
      length <= ReadAnswer.largestText
    }
    return try decoded(door, operation) { () throws(MalformedMessage) in
      try DatasetHeader(message: message)
    }
  }

  /// Asks for numbers of which it is not known how many there are.
  func numbers<T: HDF5Number>(
    _ request: ReadRequest, as type: T.Type, _ door: Door, _ operation: String
  ) throws(HDF5Error) -> [T] {
    let stride = MemoryLayout<T>.stride
    let bytes = try exchange(request, door, operation) { length in
      length <= ReadAnswer.largestText && length % stride == 0
    }
    return [T](unsafeUninitializedCapacity: bytes.count / stride) { buffer, initialized in
      UnsafeMutableRawBufferPointer(buffer).copyBytes(from: bytes)
      initialized = bytes.count / stride
    }
  }

  /// Asks for exactly so many bytes, into memory that is there already.
  func fill(
    _ buffer: UnsafeMutableRawBufferPointer, _ request: ReadRequest, workBytes: Int, _ door: Door,
    _ operation: String
  ) throws(HDF5Error) {
    let deadline = try send(request, workBytes: workBytes, [], door, operation)
    try receiveHeader(door, operation, deadline) { $0 == buffer.count }
    try transfer(door, operation, deadline) { () throws(Channel.Trouble) in
      try process.channel.receive(into: buffer, by: deadline)
    }
  }

  /// Hands over a file in memory.
  func open(image: [UInt8], named name: String, _ door: Door, _ operation: String)
    throws(HDF5Error)
  {
    var request = ReadRequest(.openImage, name)
    request.number = image.count
    let deadline = try send(request, workBytes: image.count, image, door, operation)
    try receiveHeader(door, operation, deadline) { $0 == 0 }
  }

  // MARK: Messages

  private func ask<Answer>(
    _ request: ReadRequest, _ door: Door, _ operation: String,
    _ decode: (inout MessageReader) throws(MalformedMessage) -> Answer
  ) throws(HDF5Error) -> Answer {
    let message = try exchange(request, door, operation) { $0 <= ReadAnswer.largestText }
    return try decoded(door, operation) { () throws(MalformedMessage) in
      var reader = MessageReader(message)
      return try decode(&reader)
    }
  }

  private func exchange(
    _ request: ReadRequest, _ door: Door, _ operation: String,
    isPossible: (_ length: Int) -> Bool
  ) throws(HDF5Error) -> [UInt8] {
    let deadline = try send(request, workBytes: 0, [], door, operation)
    let length = try receiveHeader(door, operation, deadline, isPossible: isPossible)
    return try transfer(door, operation, deadline) { () throws(Channel.Trouble) in
      try process.channel.receive(length, by: deadline)
    }
  }

  private func send(
    _ request: ReadRequest, workBytes: Int, _ attachment: [UInt8], _ door: Door,
    _ operation: String
  ) throws(HDF5Error) -> Deadline {
    if let end { throw door.error(end.code, operation, end.message) }
    let seconds = program.limits.cpuSeconds(forBytes: workBytes)
    let deadline = Deadline(seconds: seconds * program.limits.patience)
    try transfer(door, operation, deadline) { () throws(Channel.Trouble) in
      try process.channel.send(request.frame(cpuSeconds: seconds), by: deadline)
      if !attachment.isEmpty { try process.channel.send(attachment, by: deadline) }
    }
    return deadline
  }

  /// Receives the beginning of an answer, and throws the error if it is one.
  @discardableResult
  private func receiveHeader(
    _ door: Door, _ operation: String, _ deadline: Deadline, isPossible: (_ length: Int) -> Bool
  ) throws(HDF5Error) -> Int {
    let header = try transfer(door, operation, deadline) { () throws(Channel.Trouble) in
      try process.channel.receive(ReadAnswer.headerBytes, by: deadline)
    }
    let (answer, length) = try decoded(door, operation) { () throws(MalformedMessage) in
      try ReadAnswer.header(header)
    }
    guard answer == .failed else {
      guard isPossible(length) else {
        throw nonsense("its length is \(length)", door, operation)
      }
      return length
    }
    guard length <= ReadAnswer.largestText else {
      throw nonsense("its length is \(length)", door, operation)
    }
    let message = try transfer(door, operation, deadline) { () throws(Channel.Trouble) in
      try process.channel.receive(length, by: deadline)
    }
    throw try decoded(door, operation) { () throws(MalformedMessage) in
      try HDF5Error(message: message, file: door.file)
    }
  }

  // MARK: Ends

  private func transfer<Value>(
    _ door: Door, _ operation: String, _ deadline: Deadline,
    _ body: () throws(Channel.Trouble) -> Value
  ) throws(HDF5Error) -> Value {
    do {
      return try body()
    } catch {
      switch error {
      case .closed: throw ended(process.reap(), door, operation)
      case .late:
        let message = "reading it took more than \(deadline.seconds) s"
        throw ended(.readerFailed, message, door, operation)
      }
    }
  }

  private func decoded<Value>(
    _ door: Door, _ operation: String, _ body: () throws(MalformedMessage) -> Value
  ) throws(HDF5Error) -> Value {
    do {
      return try body()
    } catch {
      throw nonsense(error.reason, door, operation)
    }
  }

  private func nonsense(_ reason: String, _ door: Door, _ operation: String) -> HDF5Error {
    ended(
      .readerFailed, "the process that reads it answered what makes no sense (\(reason))", door,
      operation)
  }

  private func ended(
    _ ending: StartedProgram.Ending?, _ door: Door, _ operation: String
  ) -> HDF5Error {
    let message =
      switch ending {
      case .signal(SIGXCPU): "reading it took too much processor time"
      case .signal(SIGKILL): "the process that read it was killed, perhaps for want of memory"
      case .signal(let number): "reading it made the HDF5 library crash (signal \(number))"
      case .exit(let code): "the process that read it ended by itself (exit code \(code))"
      case nil: "the process that reads it closed the connection"
      }
    return ended(.readerFailed, message, door, operation)
  }

  private func ended(
    _ code: HDF5Error.Code, _ message: String, _ door: Door, _ operation: String
  ) -> HDF5Error {
    process.end()
    end = (code, message)
    return door.error(code, operation, message)
  }
}
