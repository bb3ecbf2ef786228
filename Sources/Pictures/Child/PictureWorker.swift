import HDF5
import TaskData

/// The child's side of decoding: makes pixels of the files that it is sent until the connection
/// closes.
///
/// It opens no file. Whatever a picture does to its decoder, the process that started this one
/// survives.
package enum PictureWorker {
  /// The first argument of a program that is started to decode pictures for another process.
  package static let argument = "picture-worker"

  /// Serves the process that started this one, if the arguments request it, until the connection
  /// closes; otherwise returns `false` immediately.
  package static func serveIfRequested(_ arguments: [String] = CommandLine.arguments) -> Bool {
    guard let bytes = WorkerLimits.memoryBytes(requestedBy: arguments, of: argument) else {
      return false
    }
    WorkerLimits.set(memoryBytes: bytes)
    WorkerLimits.closeOtherDescriptors()
    let channel = Channel(input: 0, output: 1)
    while serve(channel) {}
    return true
  }

  /// Answers one request; `false` once there are no more.
  private static func serve(_ channel: Channel) -> Bool {
    do {
      let request = try PictureRequest(message: channel.receive(PictureRequest.headerBytes))
      WorkerLimits.allow(cpuSeconds: request.cpuSeconds)
      let file = try channel.receive(request.fileBytes)
      let result: Result<PreparedPicture, BrokenPicture>
      do throws(BrokenPicture) {
        result = .success(try request.form.picture(of: file))
      } catch {
        result = .failure(error)
      }
      let answer = PictureAnswer(result)
      try channel.send(answer.start)
      try channel.send(answer.pixels)
      return true
    } catch {
      return false
    }
  }
}
