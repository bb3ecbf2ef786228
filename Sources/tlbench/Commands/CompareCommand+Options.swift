import ArgumentParser
import Records

extension CompareCommand {
  /// What is compared.
  struct Comparison: ParsableArguments {
    @Option(
      name: [.long, .customLong("size")],
      help: ArgumentHelp(
        """
        Numbers of training examples, separated by commas; 'full' is all of them (default: full and \
        its half, quarter and eighth).
        """, valueName: "numbers"))
    var sizes: String?

    @Option(
      name: [.long, .customLong("strategy")],
      help: ArgumentHelp(
        """
        Strategies, separated by commas (default: those of 'tlbench sweep'; of stored features, \
        \(Arm.onStoredFeatures.map(\.name).joined(separator: ", "))).
        """, valueName: "names"),
      completion: .names(Arm.known(withDepths: false).acceptedNames))
    var strategies: String?

    @Option(
      help: ArgumentHelp(
        """
        Add a fine-tuning strategy that trains the head and everything from this group or layer \
        upwards: none, late, middle, early, all or a layer's name.
        """, valueName: "group or layer"),
      completion: .list(["none", "late", "middle", "early", "all"]))
    var unfreeze: String?

    @Option(
      help: ArgumentHelp(
        "Compare numbers of transferred groups instead of strategies: all, or numbers such as 0,3.",
        valueName: "numbers"))
    var depths: String?

    @Option(
      parsing: .unconditional,
      help: ArgumentHelp(
        "Splits, at least 2 for intervals (default: 5; with --folds all folds).",
        valueName: "count"))
    var replicates: Int?

    @Option(
      parsing: .unconditional,
      help: ArgumentHelp(
        """
        Instead of splits, leave out each of this many folds of the labelled set in turn, and compare \
        the strategies example by example over all folds: intervals become several times narrower.
        """, valueName: "count"))
    var folds: Int?

    @Option(
      parsing: .unconditional,
      help: ArgumentHelp(
        "Fraction of the examples to test on in each split (default: 0.2).",
        valueName: "fraction"))
    var testShare: Double?

    @Option(
      help: ArgumentHelp(
        "How similar you think the tasks are: low, medium, high or a number in 0...1.",
        valueName: "level or number"),
      completion: .list(Similarity.Level.allCases.map(\.rawValue)))
    var similarity: String?

    @Option(
      help: ArgumentHelp(
        """
        Time for the comparison, such as 90s, 10m or 2h: splits or folds, and sizes, are left out \
        (not with --extend) until an estimate made before the first run fits, and once the time \
        since the command began is used up, runs in progress are given up immediately. What has \
        ended is reported (exit code 0), and the command that is printed goes on with the rest.
        """, valueName: "time"))
    var budget: String?

    @Option(
      parsing: .unconditional,
      help: ArgumentHelp("Seed of splits and training.", valueName: "integer"))
    var seed: UInt64 = 0
  }

  /// What is written and printed.
  struct Saving: ParsableArguments {
    @Option(
      name: .shortAndLong,
      help: ArgumentHelp(
        "File for the results (HDF5; validate, check and xarray read it).", valueName: "path"),
      completion: .file(extensions: ["h5"]))
    var output = "Results/compare.h5"

    @Flag(help: "Overwrite existing results and start over (discards the journal).")
    var overwrite = false

    @Flag(
      help: """
        Keep the runs of complete results, and add those of more strategies, sizes or replicates; \
        all that the results have must be named again.
        """)
    var extend = false

    @OptionGroup var printing: TableOptions

    @OptionGroup var reporting: ReportOptions

    @OptionGroup var curves: TensorBoardOptions

    @Option(
      parsing: .unconditional,
      help: ArgumentHelp(
        "Cache for frozen features shared between runs, in MiB.", valueName: "MiB"))
    var featureCache = 512
  }
}
