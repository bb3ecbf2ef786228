import ArgumentParser
import Foundation
import HDF5
import Pictures
import Records
import Reports
import TaskData

struct PackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pack",
    abstract: "Make a labelled set (HDF5) of a folder of pictures, without Python.",
    discussion: """
      Every folder in the given folder is a class, such as photos/cat/1.jpg and photos/dog/7.png; \
      folders train, val and test with folders of classes become the parts of the set. A table \
      (CSV) has a column of paths, relative to its folder, and one of labels.

      JPEG and PNG are read. Pictures are turned as their EXIF orientation says, transparent \
      pixels are put on white, and grey, palette and CMYK pictures become RGB, as the function \
      image_folder of the Python module does. A picture that is there twice is kept once; with two \
      labels, or in two parts, it is an error.

      Example: tlbench pack photos --size 224 --output photos.h5

      A table: tlbench pack photos.csv --size 224 --path-column file --label-column species
      """)

  @Argument(
    help: ArgumentHelp(
      "A folder with a folder of pictures for each class, or a table (.csv).", valueName: "path"),
    completion: .file())
  var pictures: String

  @OptionGroup(title: "Required") var required: Required

  @OptionGroup(title: "Pictures") var reading: Reading

  @OptionGroup(title: "Tables") var table: Table

  @OptionGroup(title: "Output") var saving: Saving

  @OptionGroup var running: ThreadOptions

  @Flag(name: .shortAndLong, help: "Print only results and errors.")
  var quiet = false

  /// The size that has to be chosen.
  struct Required: ParsableArguments {
    @Option(
      help: ArgumentHelp(
        "Size that all pictures get: height × width, or the side of a square, such as 224.",
        valueName: "HxW"))
    var size: String
  }

  /// How pictures are read.
  struct Reading: ParsableArguments {
    @Option(
      help: ArgumentHelp(
        """
        What becomes of other proportions: crop (the middle is cut out), stretch, or pad (black \
        is added).
        """, valueName: "name"))
    var fit = Choice(PictureForm.Fit.crop)

    @Option(
      parsing: .unconditional,
      help: ArgumentHelp("3 for RGB, 1 for grey.", valueName: "count"))
    var channels = 3

    @Flag(help: "The pictures have no labels: for predict.")
    var unlabeled = false

    @Flag(help: "List pictures that cannot be read, and leave them out.")
    var skipBroken = false
  }

  /// The columns of a table.
  struct Table: ParsableArguments {
    @Option(
      help: ArgumentHelp("Column of the paths (default: path).", valueName: "column"))
    var pathColumn: String?

    @Option(
      help: ArgumentHelp("Column of the labels (default: label).", valueName: "column"))
    var labelColumn: String?

    @Option(
      help: ArgumentHelp(
        "Column of the parts train, val and test (default: the set is not divided).",
        valueName: "column"))
    var partColumn: String?

    /// The first option that was given.
    var given: String? {
      [
        ("--path-column", pathColumn), ("--label-column", labelColumn),
        ("--part-column", partColumn),
      ].first { $0.1 != nil }?.0
    }
  }

  /// The file that is written.
  struct Saving: ParsableArguments {
    @Option(
      name: .shortAndLong,
      help: ArgumentHelp(
        "File for the set (default: the name of the folder or table, with .h5).",
        valueName: "path"),
      completion: .file(extensions: ["h5", "hdf5"]))
    var output: String?

    @Flag(help: "Overwrite an existing file.")
    var overwrite = false
  }

  private var isTable: Bool { pictures.lowercased().hasSuffix(".csv") }

  private var output: String {
    if let output = saving.output { return output }
    let name = URL(fileURLWithPath: pictures).standardizedFileURL.lastPathComponent
    return (isTable ? String(name.dropLast(4)) : name) + ".h5"
  }

  func validate() throws {
    _ = try form()
    if !isTable, let option = table.given {
      throw OptionValues.refused(
        option, "\(pictures) is not a table", "Leave it out, or give a file that ends in .csv.")
    }
    if reading.unlabeled {
      for (option, value) in [
        ("--label-column", table.labelColumn), ("--part-column", table.partColumn),
      ] where value != nil {
        throw OptionValues.refused(
          option, "--unlabeled reads no labels and no parts", "Give only one of them.")
      }
    }
  }

  /// - Throws: `Failure` of kind `usage` that names the option.
  private func form() throws -> PictureForm {
    guard let size = ImageSize(required.size) else {
      throw OptionValues.refused(
        "--size", "'\(required.size)' is not a size",
        "Example: --size 224x224, or 224 for a square")
    }
    return try PictureForm(
      size: size, fit: reading.fit.value(of: "--fit"), channels: reading.channels)
  }

  func run() throws {
    let (form, output) = (try form(), output)
    if isTable { try OptionValues.requireOther(output, of: "--output", than: [pictures]) }
    try DefaultFolder.checkOutput(
      output, overwrite: saving.overwrite, attempt: PictureSet.attempt)
    let list = try list()
    let progress = CountProgress(
      Console.progressStyle(isQuiet: quiet), noun: "pictures", total: list.pictures.count)
    defer { progress.finish() }
    let interruption = Interruption(message: "Stopping; nothing is written.") { text in
      if !quiet { progress.note(text) }
    }
    let outcome = try write(list, form, to: output, progress, interruption)
    progress.finish()
    if !quiet { for note in outcome.notes { Console.note("\(pictures): \(note)") } }
    report(outcome, list, form, output)
  }

  private func list() throws -> PictureList {
    guard isTable else {
      return try PictureFolder.list(pictures, isLabeled: !reading.unlabeled)
    }
    let bytes = try InputFile.bytes(of: pictures, attempt: PictureList.attempt)
    let columns = PictureTable.Columns(
      path: table.pathColumn ?? "path",
      label: reading.unlabeled ? nil : table.labelColumn ?? "label", part: table.partColumn)
    return try PictureTable(bytes, path: pictures, columns: columns).list()
  }

  private func write(
    _ list: PictureList, _ form: PictureForm, to output: String, _ progress: CountProgress,
    _ interruption: Interruption
  ) throws -> PictureSet.Outcome {
    let set = PictureSet(list, form: form, skipsBroken: reading.skipBroken)
    do {
      try DefaultFolder.make(for: output)
      return try set.write(
        to: output, by: .guardedPictures, jobs: running.jobs,
        isCancelled: { interruption.isRequested }, observe: progress.show)
    } catch let failure as Failure where failure.kind == .interrupted {
      // Whichever signal it was.
      throw Failure(
        interruption.kind, failure.attempt, on: failure.subject, because: failure.reason,
        remedy: failure.remedy)
    }
  }

  private func report(
    _ outcome: PictureSet.Outcome, _ list: PictureList, _ form: PictureForm, _ output: String
  ) {
    let counts = outcome.counts.map { part, count in
      NumberText.count(count) + (count == 1 ? " picture" : " pictures")
        + (list.isDivided ? " for \(part.rawValue)" : "")
    }.joined(separator: ", ")
    let size = "\(form.size.height)×\(form.size.width)×\(form.channels)"
    let classes = list.classNames.isEmpty ? "without labels" : "in \(list.classNames.count) classes"
    StandardOutput.show(
      "\(output): \(counts) of \(size) \(classes), source digest \(outcome.digest.prefix(12))")
    guard !quiet else { return }
    let command =
      list.classNames.isEmpty
      ? ["predict", "model.keras", "--data", output, "--unlabeled"]
      : ["compare", "--weights", "base.keras", "--data", output]
    Console.note("Next, with your network: \(NextCommand.command(command))")
  }
}
