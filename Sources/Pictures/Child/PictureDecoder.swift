import Foundation
package import HDF5
import Records

extension FileAccess {
  /// A child process of the running program for the pictures that a user names, in which they are
  /// decoded.
  ///
  /// The program has to start with ``PictureWorker/serveIfRequested(_:)``.
  package static var guardedPictures: FileAccess {
    var program = ReaderProgram.thisExecutable(PictureWorker.argument)
    // The largest picture of several scans takes 800 MiB while it is decoded.
    program.limits.memoryBytes = 1536 << 20
    program.limits.cpuSeconds = 20
    // A busy machine may have several processes for each core.
    program.limits.patience = 10
    return .child(program)
  }
}

/// Decodes pictures for one thread, in this process or in a child that is started again if a
/// picture makes it crash, hang or take too much memory.
final class PictureDecoder {
  private let access: FileAccess
  private let form: PictureForm
  private var process: ChildProcess?
  /// The pixels of the last picture, `[height, width, channels]`.
  private(set) var pixels: [UInt8] = []

  init(_ access: FileAccess, form: PictureForm) {
    self.access = access
    self.form = form
  }

  /// Decodes a file into ``pixels``.
  ///
  /// - Returns: what was done to the picture.
  /// - Throws: `BrokenPicture`, or `Failure` of kind `failed` if no child can be started.
  func decode(_ file: [UInt8]) throws -> PictureChanges {
    guard case .child(let program) = access else {
      let picture = try form.picture(of: file)
      pixels = picture.pixels
      return picture.changes
    }
    let process = try process ?? start(program)
    let seconds = program.limits.cpuSeconds
    let deadline = Deadline(seconds: seconds * program.limits.patience)
    let request = PictureRequest(cpuSeconds: seconds, form: form, fileBytes: file.count)
    do {
      try process.channel.send(request.message, by: deadline)
      try process.channel.send(file, by: deadline)
      return try answer(from: process.channel, by: deadline)
    } catch let error as BrokenPicture {
      throw error
    } catch Channel.Failure.late {
      drop(process)
      throw BrokenPicture("decoding it took more than \(deadline.seconds) s")
    } catch Channel.Failure.closed {
      let ending = process.reap()
      drop(process)
      throw BrokenPicture(Self.reason(of: ending))
    } catch {
      drop(process)
      throw BrokenPicture("the process that decoded it gave an answer that makes no sense")
    }
  }

  private func start(_ program: ReaderProgram) throws(Failure) -> ChildProcess {
    do {
      let memory = program.limits.memoryBytes >> 20
      let started = try ChildProcess(program, [ReadWorker.memoryOption, "\(memory)"])
      process = started
      return started
    } catch {
      throw Failure(
        .failed, PictureSet.attempt,
        because: "the process that decodes pictures cannot be started: \(error.reason)",
        remedy: "Close other programs, or use fewer `jobs`.")
    }
  }

  private func drop(_ process: ChildProcess) {
    process.end()
    self.process = nil
  }

  /// Receives an answer, which is not trusted: the picture may control the process.
  private func answer(from channel: Channel, by deadline: Deadline) throws -> PictureChanges {
    var header = MessageReader(try channel.receive(PictureAnswer.headerBytes, by: deadline))
    let (kind, length) = (try header.byte(), try header.number())
    guard kind == 0 else {
      guard length <= PictureAnswer.longestReason else { throw Nonsense() }
      let reason = try channel.receive(length, by: deadline)
      throw BrokenPicture(String(decoding: reason, as: UTF8.self))
    }
    guard length == PictureAnswer.changesBytes + form.count else { throw Nonsense() }
    var changes = MessageReader(try channel.receive(PictureAnswer.changesBytes, by: deadline))
    if pixels.count != form.count { pixels = [UInt8](repeating: 0, count: form.count) }
    try channel.receive(into: &pixels, by: deadline)
    return PictureChanges(rawValue: try changes.number())
  }

  private struct Nonsense: Error {}

  private static func reason(of ending: StartedProgram.Ending?) -> String {
    switch ending {
    case .signal(SIGXCPU): "decoding it took too much processor time"
    case .signal(SIGKILL): "the process that decoded it was killed, perhaps for lack of memory"
    case .signal(let number): "it made its decoder crash or run out of memory (signal \(number))"
    case .exit(let code): "the process that decoded it ended by itself (exit code \(code))"
    case nil: "the process that decodes it closed the connection"
    }
  }
}
