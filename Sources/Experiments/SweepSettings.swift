package import HDF5
package import Results

/// How a plan is run, as opposed to what is run: these settings do not change the results.
package struct SweepSettings: Sendable {
  /// Runs that train at the same time, at least 1.
  package var jobs: Int
  package var memory: RunExecutor.Memory
  /// The path of the results file.
  package var output: String
  /// Whether to replace existing results and to discard their journal.
  package var overwrite: Bool
  /// Whether existing results of a smaller plan are kept, so that only the other runs are carried
  /// out.
  package var extends = false
  /// The time after which runs in progress are given up and no further one starts; `nil` for none.
  package var limit: TimeLimit?
  /// Seconds between two exports of the unfinished results; 0 for none before the end.
  package var exportSeconds: Double
  /// When the journal waits for the disk.
  package var synchronization: JournalFile.Synchronization
  /// Where the event files for TensorBoard are written; `nil` for none.
  package var events: EventFolder?
  /// Which process reads existing results (default: a child process with limits).
  package var access: FileAccess
  /// The version of the program, part of the identity of a sweep.
  package var toolVersion: String
  /// The command that runs the sweep, recorded in the provenance.
  package var commandLine: String

  package init(
    jobs: Int, memory: RunExecutor.Memory, output: String, overwrite: Bool = false,
    limit: TimeLimit? = nil, exportSeconds: Double = 0,
    synchronization: JournalFile.Synchronization = .everyAppend, events: EventFolder? = nil,
    access: FileAccess = .guarded, toolVersion: String, commandLine: String
  ) {
    self.jobs = jobs
    self.memory = memory
    self.output = output
    self.overwrite = overwrite
    self.limit = limit
    self.exportSeconds = exportSeconds
    self.synchronization = synchronization
    self.events = events
    self.access = access
    self.toolVersion = toolVersion
    self.commandLine = commandLine
  }
}
