import Dispatch
import HDF5
import Records
import Synchronization

/// What became of a picture of a list.
struct ReadPicture: Sendable {
  /// SHA-256, in hexadecimal, of the bytes of the file; empty if the picture is broken.
  var digest = ""
  var changes: PictureChanges = []
  /// Why the picture is broken; `nil` if it is not.
  var reason: String?
}

/// Reads all pictures of a list, several at the same time, and writes their pixels to rows.
struct PicturePass: Sendable {
  private let list: PictureList
  private let form: PictureForm
  private let files: PictureFiles
  private let isCancelled: @Sendable () -> Bool

  init(
    _ list: PictureList, form: PictureForm, isCancelled: @escaping @Sendable () -> Bool
  ) {
    self.list = list
    self.form = form
    files = PictureFiles(folder: list.folder)
    self.isCancelled = isCancelled
  }

  private struct State {
    var next = 0
    var done = 0
    var pictures: [ReadPicture]
    var failure: (any Error)?
  }

  /// - Throws: `Failure` of kind `interrupted` if it was cancelled, and if a picture cannot be
  ///   decoded or written for another reason than its content.
  func run(
    by access: FileAccess, jobs: Int, to rows: PictureRows, observe: @Sendable (Int) -> Void
  ) throws -> [ReadPicture] {
    let count = list.pictures.count
    let state = Mutex(State(pictures: [ReadPicture](repeating: ReadPicture(), count: count)))
    DispatchQueue.concurrentPerform(iterations: min(max(jobs, 1), count)) { _ in
      let decoder = PictureDecoder(access, form: form)
      while let index = state.withLock({ state -> Int? in
        guard state.failure == nil, state.next < count else { return nil }
        defer { state.next += 1 }
        return state.next
      }) {
        do {
          let picture = try read(index, with: decoder, to: rows)
          let done = state.withLock { state in
            state.pictures[index] = picture
            state.done += 1
            return state.done
          }
          observe(done)
        } catch {
          state.withLock { $0.failure = $0.failure ?? error }
        }
      }
    }
    return try state.withLock { state in
      if let failure = state.failure { throw failure }
      return state.pictures
    }
  }

  private func read(
    _ index: Int, with decoder: PictureDecoder, to rows: PictureRows
  ) throws -> ReadPicture {
    if isCancelled() { throw Self.interrupted(list.source) }
    do {
      let file = try files.bytes(of: list.pictures[index].name)
      let changes = try decoder.decode(file)
      try rows.write(decoder.pixels, at: index)
      var digest = ContentDigest()
      digest.append(file)
      return ReadPicture(digest: digest.hexadecimal(), changes: changes)
    } catch let broken as BrokenPicture {
      return ReadPicture(reason: broken.reason)
    }
  }

  static func interrupted(_ path: String) -> Failure {
    Failure(
      .interrupted, PictureSet.attempt, on: path, because: "it was interrupted",
      remedy: "Nothing was written; run the same command again.")
  }
}
