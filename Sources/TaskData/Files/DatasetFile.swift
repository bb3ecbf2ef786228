import Foundation
package import HDF5
import Records

/// Reads labelled sets from HDF5 files that other tools wrote.
///
/// Images are `[count, height, width, channels]`, `[count, channels, height, width]`,
/// `[count, height, width]`, or feature vectors `[count, features]`, as floats, booleans or whole
/// numbers of 0...255. Labels are `[count]`, `[count, 1]`, `[1, count]`, `[count, 1, 1, 1]` or
/// one-hot `[count, classes]`, as integers, booleans or whole floats of any range, or as class
/// names. Both are found by their usual names, in the root or in groups called train, val and test,
/// whatever the case; ``DatasetOptions`` gives other locations. Texts are read as token ids.
package enum DatasetFile {
  /// The default limit, in bytes, of the pixels of each part of a set in memory; a larger part
  /// stays in the file and is read in blocks.
  package static let memory = 256 << 20

  /// Reads a labelled set.
  ///
  /// - Parameters:
  ///   - classes: the class names of a model, to which the labels are mapped; `nil` to use the
  ///     classes of the set.
  ///   - access: which process reads the files: this one, or a child for files of others.
  ///   - memory: the most bytes of pixels of each part to hold in memory.
  /// - Throws: `Failure` that names the file, the object in it, the reason and a remedy.
  package static func read(
    _ path: String, _ options: DatasetOptions = DatasetOptions(), classes: [String]? = nil,
    by access: FileAccess = .thisProcess, memory: Int = memory
  ) throws -> LabeledDataset {
    try options.validate()
    do {
      let file = try HDF5File.open(path, by: access)
      let dataset = try read(
        file, options, labels: options.yFile.map { try HDF5File.open($0, by: access) },
        classes: classes, memory: PixelMemory(bytes: memory))
      var asStored = options
      asStored.expected = nil
      if asStored == DatasetOptions(), dataset.train.preprocessing == nil, classes == nil,
        dataset.validation == nil, dataset.test != nil
      {
        try TaskFile.check(dataset.digest, against: file)
      }
      return dataset
    } catch let error as HDF5Error {
      throw failure(error)
    }
  }

  /// Reads images without their labels; every image has the label 0 of a single class, `unlabeled`.
  ///
  /// - Throws: `Failure` that names the file, the object in it, the reason and a remedy.
  package static func readUnlabeled(
    _ path: String, _ options: DatasetOptions = DatasetOptions(),
    by access: FileAccess = .thisProcess, memory: Int = memory
  ) throws -> LabeledDataset {
    try options.validate()
    do {
      let file = try HDF5File.open(path, by: access)
      let keys = DatasetKeys(file, labels: nil, options: options)
      if let tokens = options.tokens {
        let parts = try readTokens(keys, tokens, options) { _, count in
          ([Int32](repeating: 0, count: count), ["unlabeled"])
        }
        return try dataset(parts, file, options, notes: parts.notes)
      }
      let (native, memory) = (try isNative(file), PixelMemory(bytes: memory))
      var sources: [ImageSource] = []
      func images(_ x: HDF5Dataset) throws -> LabeledImages {
        let source = try ImageSource(x, options: options, isNative: native)
        sources.append(source)
        let images = try source.labeled(
          [Int32](repeating: 0, count: source.count), classNames: ["unlabeled"], memory: memory)
        return images.selecting(Array(0..<min(options.limit ?? images.count, images.count)))
      }
      let train = try images(keys.required(.images))
      let validation = try keys.dataset(.images, of: .validation).map(images)
      let test = try keys.dataset(.images, of: .test).map(images)
      return try LabeledDataset(
        name: name(of: file), train: train, validation: validation, test: test, from: sources,
        notes: sources[0].notes)
    } catch let error as HDF5Error {
      throw failure(error)
    }
  }

  private static func name(of file: HDF5File) -> String {
    URL(fileURLWithPath: file.path).deletingPathExtension().lastPathComponent
  }

  private static func read(
    _ file: HDF5File, _ options: DatasetOptions, labels labelFile: HDF5File?, classes: [String]?,
    memory: PixelMemory
  ) throws -> LabeledDataset {
    let keys = DatasetKeys(file, labels: labelFile, options: options)
    if let tokens = options.tokens {
      return try readTexts(file, keys, tokens, labels: labelFile, classes: classes)
    }
    let native = try isNative(file)
    var notes: [String] = []

    let x = try keys.required(.images)
    let y = try keys.required(.labels)
    let source = try ImageSource(x, options: options, isNative: native)
    let labels = try StoredLabels(y, count: source.count)
    let lists = try ClassList.all(
      near: y, in: [file.root] + (labelFile.map { [$0.root] } ?? []), key: options.classesKey)
    var table = try ClassTable(labels, lists: lists, isChosen: options.classesKey != nil)
    notes += source.notes + table.notes
    if let classes { table = try table.among(classes, at: labels.place) }

    func images(_ source: ImageSource, _ labels: StoredLabels) throws -> LabeledImages {
      let images = try source.labeled(
        try table.classes(of: labels), classNames: table.names, memory: memory)
      guard let limit = options.limit, limit < images.count else { return images }
      return images.selecting(rows(limit, of: images))
    }
    var sources = [source]
    func other(_ part: DatasetKeys.Part) throws -> LabeledImages? {
      guard let x = try keys.dataset(.images, of: part) else { return nil }
      guard let y = try keys.dataset(.labels, of: part) else {
        notes.append("\(x.path) is not used: there are no labels for it.")
        return nil
      }
      let more = try ImageSource(x, options: options, isNative: native)
      guard more.shape == source.shape else {
        throw Failure(
          .badData, TaskFile.attempt, on: more.place,
          because: "its images are \(more.shape), but the training images are \(source.shape)",
          remedy: "Give all parts the same image size, or use `resize`.")
      }
      sources.append(more)
      return try images(more, StoredLabels(y, count: more.count))
    }
    let train = try images(source, labels)
    let (validation, test) = (try other(.validation), try other(.test))
    if test == nil { notes.append(LabeledDataset.splitNote) }
    return try LabeledDataset(
      name: name(of: file), train: train, validation: validation, test: test, from: sources,
      notes: notes)
  }

  /// Reads texts and their labels.
  private static func readTexts(
    _ file: HDF5File, _ keys: DatasetKeys, _ tokens: TokenInput, labels labelFile: HDF5File?,
    classes: [String]?
  ) throws -> LabeledDataset {
    let (x, y) = (try keys.required(.tokens), try keys.required(.labels))
    let labels = try StoredLabels(y, count: x.shape.first ?? 0)
    let lists = try ClassList.all(
      near: y, in: [file.root] + (labelFile.map { [$0.root] } ?? []), key: keys.options.classesKey)
    var table = try ClassTable(labels, lists: lists, isChosen: keys.options.classesKey != nil)
    let notes = table.notes
    if let classes { table = try table.among(classes, at: labels.place) }
    let parts = try readTokens(keys, tokens, keys.options) { part, count in
      guard part != .train else { return (try table.classes(of: labels), table.names) }
      guard let y = try keys.dataset(.labels, of: part) else { return nil }
      return (try table.classes(of: StoredLabels(y, count: count)), table.names)
    }
    return try dataset(parts, file, keys.options, notes: parts.notes + notes)
  }

  private static func dataset(
    _ parts: TokenParts, _ file: HDF5File, _ options: DatasetOptions, notes: [String]
  ) throws -> LabeledDataset {
    func limited(_ part: DatasetKeys.Part) -> LabeledImages? {
      guard let texts = parts.sets[part], let limit = options.limit, limit < texts.count else {
        return parts.sets[part]
      }
      return texts.selecting(rows(limit, of: texts))
    }
    guard let train = limited(.train) else { preconditionFailure("there is a part to train on") }
    let test = limited(.test)
    let isSplit = test == nil && train.classNames.count > 1
    return try LabeledDataset(
      name: name(of: file), train: train, validation: limited(.validation), test: test, from: [],
      notes: notes + (isSplit ? [LabeledDataset.splitNote] : []), tokens: parts.summary)
  }

  /// The indices of `count` rows, in which the classes keep their proportions.
  private static func rows(_ count: Int, of images: LabeledImages) -> [Int] {
    let classes = ClassRows(images.labels, classCount: images.classCount)
    let order = Subset.inProportion(classes.rows.filter { !$0.isEmpty })
    return order.prefix(count).sorted()
  }

  private static func isNative(_ file: HDF5File) throws -> Bool {
    let names = try file.root.attributes.names()
    return names.contains(TaskFile.digest) || names.contains(TaskFile.generator)
  }

  static func failure(_ error: HDF5Error) -> Failure {
    Failure(
      reading: error, attempt: TaskFile.attempt,
      makeIt: "Write images and labels as two datasets, for instance x and y, with h5py.",
      layout: "A labelled set holds images and labels; give their paths with `xKey` and `yKey`.")
  }
}
