/// The reader's side: opens one file and answers requests about it until the connection closes.
package enum ReadWorker {
  /// The first argument of a program that is started to read a file for another process.
  package static let argument = "read-worker"
  /// The option of the memory that the program may use, in MiB.
  package static let memoryOption = "--memory-mib"

  /// Serves the process that started this one, if the arguments request it, until the connection
  /// closes; otherwise returns `false` immediately.
  package static func serveIfRequested(_ arguments: [String] = CommandLine.arguments) -> Bool {
    guard let bytes = WorkerLimits.memoryBytes(requestedBy: arguments, of: argument) else {
      return false
    }
    run(memoryBytes: bytes)
    return true
  }

  /// Serves the process at the other end of standard input and output.
  ///
  /// - Parameter memoryBytes: how much memory may be used in addition to what the process has now.
  package static func run(memoryBytes: Int) {
    WorkerLimits.set(memoryBytes: memoryBytes)
    WorkerLimits.closeOtherDescriptors()
    var service = ReadService(channel: Channel(input: 0, output: 1))
    while service.serve() {}
  }
}

/// The file that a reader has open, and its most recently used objects.
private struct ReadService {
  let channel: Channel
  private var root: HDF5Group?
  // Objects are kept for further requests, so that a dataset read in parts keeps its chunk cache.
  private var group: HDF5Group?
  private var dataset: HDF5Dataset?

  init(channel: Channel) { self.channel = channel }

  /// Answers one request; `false` once there are no more.
  mutating func serve() -> Bool {
    do {
      let (length, cpuSeconds) = try ReadRequest.header(
        channel.receive(ReadRequest.headerBytes))
      WorkerLimits.allow(cpuSeconds: cpuSeconds)
      let request = try ReadRequest(message: channel.receive(length))
      let answer: [UInt8]
      do {
        answer = try self.answer(request)
      } catch let error as HDF5Error {
        let message = error.message
        try channel.send(ReadAnswer.failed.header(length: message.count) + message)
        return true
      }
      try channel.send(ReadAnswer.done.header(length: answer.count))
      try channel.send(answer)
      return true
    } catch {
      return false
    }
  }

  private mutating func answer(_ request: ReadRequest) throws -> [UInt8] {
    let path = request.path
    switch request.operation {
    case .openFile:
      root = try HDF5File.open(path).root
      return []
    case .openImage:
      root = try HDF5File.open(image: channel.receive(request.number), named: path).root
      return []
    case .contains: return [try openRoot().contains(path) ? 1 : 0]
    case .childNames: return try texts(openGroup(path).childNames(), of: request)
    case .datasetPaths: return try texts(openGroup(path).datasetPaths(), of: request)
    case .openGroup:
      _ = try openGroup(path)
      return []
    case .openDataset:
      let dataset = try openDataset(path)
      return DatasetHeader(
        shape: dataset.shape, elementType: dataset.elementType,
        chunkRows: try dataset.chunkRows()
      ).message
    case .checkNumbers:
      try openDataset(path).checkedCount(of: request.rows, as: request.kind)
      return []
    case .numbers:
      return try openDataset(path).readBytes(of: request.rows, as: request.kind)
    case .strings: return try texts(openDataset(path).readStrings(), of: request)
    case .opaque: return try openDataset(path).readOpaque(elementBytes: request.number)
    case .scalePaths:
      return try texts(openDataset(path).scalePaths(axis: request.number), of: request)
    case .containsAttribute:
      return [try attributes(of: request).contains(request.attribute) ? 1 : 0]
    case .attributeNames: return try texts(attributes(of: request).names(), of: request)
    case .attributeStrings:
      return try texts(attributes(of: request).readStrings(request.attribute), of: request)
    case .attributeNumbers:
      return try attributes(of: request).readBytes(of: request.attribute, as: request.kind)
    }
  }

  private func openRoot() throws -> HDF5Group {
    guard let root else { throw MalformedMessage("no file is open") }
    return root
  }

  private mutating func openGroup(_ path: String) throws -> HDF5Group {
    if let group, group.path == path { return group }
    let opened = try openRoot().group(path)
    group = opened
    return opened
  }

  private mutating func openDataset(_ path: String) throws -> HDF5Dataset {
    if let dataset, dataset.path == path { return dataset }
    // Two large chunk caches at the same time would take too much memory.
    dataset = nil
    let opened = try openRoot().dataset(path)
    dataset = opened
    return opened
  }

  private mutating func attributes(of request: ReadRequest) throws -> HDF5Attributes {
    switch request.owner {
    case .group: try openGroup(request.path).attributes
    case .dataset: try openDataset(request.path).attributes
    }
  }

  private func texts(_ texts: [String], of request: ReadRequest) throws(HDF5Error) -> [UInt8] {
    let bytes = texts.reduce(16) { $0 + $1.utf8.count + 8 }
    guard bytes <= ReadAnswer.largestText else {
      throw LibraryCall(file: "", object: request.path).error(
        .tooLarge, "read the strings of",
        "its strings take more than \(ReadAnswer.largestText >> 20) MiB")
    }
    var writer = MessageWriter()
    writer.append(texts)
    return writer.bytes
  }
}
