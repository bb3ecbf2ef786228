import HDF5
import Records
import Results

extension SweepSession {
  /// Opens the journal, and checks that the results may be written.
  func openJournal(
    _ path: String, _ taskDigests: [String: String], _ printer: ProgressPrinter
  ) throws -> ResultsJournal {
    let identity = SweepIdentity(
      plan: plan, taskDigests: taskDigests, toolVersion: Version.text,
      libraries: Provenance.usedLibraries, instructionSet: Provenance.instructionSet)
    let replaced = overwrite ? OutputFile.digest(of: output) ?? "" : ""
    let journal = try ResultsJournal(
      path, of: identity, discard: overwrite, replaced: replaced,
      processor: Provenance.processorName,
      synchronization: options.noSync ? .none : .everyAppend)
    // With the lock of the journal nobody else writes the results any more.
    guard overwrite || mayReplaceOutput(journal) else {
      throw OutputFile.alreadyThere(
        output, attempt: Self.writingAttempt, alternative: Self.otherOutput)
    }
    HDF5File.removeLeftovers(of: output)
    if let damage = journal.damage {
      printer.note("\(path): \(damage); what is lost runs again")
    }
    let count = journal.cellCount
    if count > 0 {
      printer.note("\(count) of \(cells.count) cells are taken from \(path)")
      if journal.processor != Provenance.processorName {
        printer.note(
          "They were run on another processor, \(journal.processor): the last bits of figures may "
            + "depend on it")
      }
    }
    return journal
  }

  /// Whether going on with a sweep may replace the output without `--overwrite`: where there is
  /// none, where it holds only what the journal holds as well, and where it is the file that
  /// the sweep was told to overwrite when it began.
  private func mayReplaceOutput(_ journal: ResultsJournal) -> Bool {
    guard OutputFile.exists(output) else { return true }
    if !journal.replaced.isEmpty, OutputFile.digest(of: output) == journal.replaced { return true }
    guard let (plan, isCompleted) = try? ResultsFile.readCompleted(output, by: .guarded),
      plan == self.plan
    else {
      return false
    }
    return isCompleted.indices.allSatisfy { !isCompleted[$0] || journal.has($0) }
  }
}
