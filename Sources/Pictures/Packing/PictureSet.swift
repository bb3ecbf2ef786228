package import HDF5
import Records
import TaskData

/// Decodes the pictures of a list and writes them as one labelled set in HDF5.
///
/// `x` has the pixels as bytes `[count, height, width, channels]`, `y` the class of each picture
/// from 0, `path` its path below the folder; of a set with parts, in the groups `train`, `val` and
/// `test`. Attributes of the root: `class_names`; `fit`, how pictures fit into the size; and
/// `source_digest`, the SHA-256 of the names, labels and bytes of all pictures in the set.
package struct PictureSet: Sendable {
  package static let attempt = "cannot write the set"
  /// The names of a dataset and of attributes of the file.
  static let (pathsName, fitName, digestName) = ("path", "fit", "source_digest")
  /// What stands for a digest that is not known yet.
  private static let noDigest = String(repeating: "0", count: 64)

  /// What was written.
  package struct Outcome: Sendable {
    /// The number of pictures of each part; one part if the set is not divided.
    package let counts: [(part: PicturePart, count: Int)]
    /// What was left out and what was done to unusual pictures, a sentence each.
    package let notes: [String]
    /// SHA-256, in hexadecimal, of the names, labels and bytes of the pictures.
    package let digest: String
  }

  private let list: PictureList
  private let form: PictureForm
  private let skipsBroken: Bool

  /// - Parameter skipsBroken: whether pictures that cannot be read are left out with a note.
  package init(_ list: PictureList, form: PictureForm, skipsBroken: Bool) {
    self.list = list
    self.form = form
    self.skipsBroken = skipsBroken
  }

  /// Writes the set; an existing file is replaced at the very end.
  ///
  /// A picture that is in the set twice with the same label is kept once; without labels, twice.
  ///
  /// - Parameters:
  ///   - access: the process that decodes.
  ///   - jobs: the number of pictures that are decoded at the same time.
  ///   - isCancelled: whether to stop; asked between pictures.
  ///   - observe: receives the number of pictures that have been read.
  /// - Throws: `Failure` of kind `badData` for pictures that cannot be read, that have two labels
  ///   or are in two parts, and for a class of which no picture can be read; of kind `interrupted`
  ///   if it was cancelled; and if the file cannot be written.
  package func write(
    to path: String, by access: FileAccess, jobs: Int,
    isCancelled: @escaping @Sendable () -> Bool, observe: @escaping @Sendable (Int) -> Void
  ) throws -> Outcome {
    let pass = PicturePass(list, form: form, isCancelled: isCancelled)
    let all = Array(list.pictures.indices)
    var outcome: Outcome?
    // The space and the small datasets are those of a set of all pictures, as most sets are.
    try replacing(path, with: all, Self.noDigest) { root, rows in
      let pictures = try pass.run(by: access, jobs: jobs, to: rows, observe: observe)
      try refuseBroken(pictures)
      let (kept, duplicates) = try withoutDuplicates(pictures)
      try checkClasses(kept)
      let digest = digest(of: kept, pictures)
      if kept == all {
        try root.attributes.rewrite(digest, to: Self.digestName)
      } else {
        try copy(kept, digest, of: rows, to: path, isCancelled: isCancelled)
      }
      outcome = Outcome(
        counts: parts(kept).map { ($0.part, $0.rows.count) },
        notes: notes(kept, pictures, duplicates: duplicates), digest: digest)
      return kept == all
    }
    // The function above has run if nothing was thrown.
    guard let outcome else { throw PicturePass.interrupted(path) }
    return outcome
  }

  /// Writes a set of some pictures whose rows are in another file.
  private func copy(
    _ kept: [Int], _ digest: String, of rows: PictureRows, to path: String,
    isCancelled: () -> Bool
  ) throws {
    try replacing(path, with: kept, digest) { _, newRows in
      for index in kept {
        if isCancelled() { throw PicturePass.interrupted(path) }
        try newRows.write(rows.read(index), at: index)
      }
      return true
    }
  }

  /// Writes a file of some pictures, whose rows a function fills.
  ///
  /// - Parameter fill: returns whether the file replaces the one at `path`.
  private func replacing(
    _ path: String, with kept: [Int], _ digest: String,
    filling fill: (HDF5Group, PictureRows) throws -> Bool
  ) throws {
    let (parts, bytes) = (parts(kept), kept.count * form.count)
    try HDF5File.replacing(path, attempt: Self.attempt, reserving: bytes) { root in
      try outline(parts, digest, in: root)
    } filling: { root in
      let datasets = try parts.map { (try root.dataset(place($0.part) + "x"), $0.rows) }
      return try fill(root, PictureRows(datasets, rowBytes: form.count))
    }
  }

  // MARK: Checks

  private func refuseBroken(_ pictures: [ReadPicture]) throws(Failure) {
    let broken = zip(list.pictures, pictures).compactMap { listed, read in
      read.reason.map { "\(listed.name): \($0)" }
    }
    guard !broken.isEmpty, !skipsBroken || broken.count == pictures.count else { return }
    let more = broken.count > 10 ? "; and \(broken.count - 10) more" : ""
    throw PictureList.failure(
      list.source,
      "\(broken.count) of \(pictures.count) cannot be read: "
        + broken.prefix(10).joined(separator: "; ") + more,
      skipsBroken
        ? "Give JPEG or PNG files."
        : "Repair or remove them, make them JPEG or PNG, or give `skipBroken` to leave them out.")
  }

  /// The indices of the pictures to keep, and the pairs of files that are the same picture.
  private func withoutDuplicates(
    _ pictures: [ReadPicture]
  ) throws(Failure) -> (kept: [Int], duplicates: [(first: Int, second: Int)]) {
    var first: [String: Int] = [:]
    var kept: [Int] = []
    var duplicates: [(first: Int, second: Int)] = []
    for (index, picture) in pictures.enumerated() where picture.reason == nil {
      // Every picture without a label is to be predicted.
      guard !list.classNames.isEmpty, let other = first[picture.digest] else {
        first[picture.digest] = index
        kept.append(index)
        continue
      }
      let (one, two) = (list.pictures[other], list.pictures[index])
      guard one.label == two.label else {
        throw PictureList.failure(
          list.source,
          "'\(one.name)' and '\(two.name)' are the same picture in the classes "
            + "'\(list.classNames[one.label])' and '\(list.classNames[two.label])'",
          "Remove the wrong one.")
      }
      guard one.part == two.part else {
        throw PictureList.failure(
          list.source,
          "'\(one.name)' and '\(two.name)' are the same picture in the parts "
            + "\(one.part.rawValue) and \(two.part.rawValue)",
          "Remove one of them: a network must not be tested on what it was trained on.")
      }
      duplicates.append((other, index))
    }
    return (kept, duplicates)
  }

  private func checkClasses(_ kept: [Int]) throws(Failure) {
    let labels = Set(kept.map { list.pictures[$0] }.filter { $0.part == .train }.map(\.label))
    if let missing = list.classNames.indices.first(where: { !labels.contains($0) }) {
      throw PictureList.failure(
        list.source, "no picture for training of the class '\(list.classNames[missing])' is left",
        "Repair or add some, or remove the class.")
    }
  }

  // MARK: Content

  private func digest(of kept: [Int], _ pictures: [ReadPicture]) -> String {
    var digest = ContentDigest()
    digest.update(kept.count)
    for index in kept {
      let listed = list.pictures[index]
      digest.update(listed.part.rawValue)
      digest.update(listed.name)
      digest.update(list.classNames.isEmpty ? "" : list.classNames[listed.label])
      digest.update(pictures[index].digest)
    }
    return digest.hexadecimal()
  }

  private func parts(_ kept: [Int]) -> [(part: PicturePart, rows: [Int])] {
    PicturePart.allCases.compactMap { part in
      let rows = kept.filter { list.pictures[$0].part == part }
      return rows.isEmpty ? nil : (part, rows)
    }
  }

  private func place(_ part: PicturePart) -> String { list.isDivided ? "\(part.rawValue)/" : "" }

  private func outline(
    _ parts: [(part: PicturePart, rows: [Int])], _ digest: String, in root: HDF5Group
  ) throws(HDF5Error) {
    for (part, rows) in parts {
      let place = place(part)
      let shape = [rows.count, form.size.height, form.size.width, form.channels]
      try root.reserve(UInt8.self, shape: shape, at: place + "x")
      let listed = rows.map { list.pictures[$0] }
      if !list.classNames.isEmpty {
        try root.write(listed.map { Int32($0.label) }, shape: [rows.count], to: place + "y")
      }
      try root.write(listed.map(\.name), to: place + Self.pathsName)
    }
    if !list.classNames.isEmpty { try root.attributes.write(list.classNames, to: "class_names") }
    try root.attributes.write(form.fit.rawValue, to: Self.fitName)
    try root.attributes.write(digest, to: Self.digestName)
  }

  // MARK: Notes

  private func notes(
    _ kept: [Int], _ pictures: [ReadPicture], duplicates: [(first: Int, second: Int)]
  ) -> [String] {
    var notes = PictureChanges.all.compactMap { change, text -> String? in
      let count = kept.count { pictures[$0].changes.contains(change) }
      return count == 0 ? nil : "Pictures that \(text): \(count)."
    }
    let twice = duplicates.map {
      "\(list.pictures[$0.second].name) (as \(list.pictures[$0.first].name))"
    }
    let broken = zip(list.pictures, pictures).compactMap { listed, read in
      read.reason.map { "\(listed.name) (\($0))" }
    }
    let leftOut: [(String, [String], most: Int)] = [
      ("Hidden files, and files of other kinds, that were left out", list.leftOut, 5),
      ("Pictures that are there twice and were kept once", twice, 5),
      ("Pictures that could not be read and were left out", broken, .max),
    ]
    for (text, names, most) in leftOut where !names.isEmpty {
      notes.append(
        "\(text): \(names.count): " + names.prefix(most).joined(separator: ", ")
          + (names.count > most ? ", …" : "."))
    }
    return notes
  }
}
