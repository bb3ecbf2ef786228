import Foundation
import TestSupport
import Testing

/// What Bash completes with the script that the tool generates.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/bin/bash")))
struct CompletionTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["Results", "Datasets"] {
      try FileManager.default.createDirectory(
        atPath: folder.path(name), withIntermediateDirectories: false)
    }
    for name in ["Results/reference.h5", "Results/notes.txt", "plan.json", "net.keras"] {
      try Data().write(to: folder.url.appending(path: name))
    }
    let script = try Tool.run(["--generate-completion-script", "bash"], in: folder.url)
    try Data(script.output.utf8).write(to: folder.url.appending(path: "tlbench.bash"))
  }

  /// The candidates for the last word of a command line; Bash completes as on a terminal.
  private func candidates(_ line: String) throws -> Set<String> {
    let program = try BuiltProgram.path().path
    let shell = """
      source tlbench.bash
      COMP_LINE="\(program)${1#tlbench}"; COMP_POINT=${#COMP_LINE}
      read -ra COMP_WORDS <<< "$COMP_LINE"
      [[ "$COMP_LINE" == *' ' ]] && COMP_WORDS+=('')
      COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      COMP_TYPE=9
      _tlbench tlbench "${COMP_WORDS[$COMP_CWORD]}" "${COMP_WORDS[$((COMP_CWORD - 1))]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    try Data(shell.utf8).write(to: folder.url.appending(path: "complete.bash"))
    let outcome = try Tool.run(
      [line], in: folder.url, script: "exec /bin/bash complete.bash \"$@\"")
    return Set(outcome.output.split(separator: "\n").map(String.init))
  }

  /// Files and folders for arguments and options that take them, and only files of their kind.
  @Test func files() throws {
    #expect(try candidates("tlbench validate Res") == ["Results"])
    #expect(try candidates("tlbench validate Results/") == ["Results/reference.h5"])
    #expect(try candidates("tlbench sweep --output Results/") == ["Results/reference.h5"])
    #expect(try candidates("tlbench sweep --plan pl") == ["plan.json"])
    #expect(try candidates("tlbench sweep --tasks D") == ["Datasets"])
    #expect(try candidates("tlbench predict n") == ["net.keras"])
  }

  /// Commands, options, formats, architectures and strategies.
  @Test func names() throws {
    #expect(try candidates("tlbench val") == ["validate"])
    #expect(try candidates("tlbench sweep --sim").isSuperset(of: ["--similarities"]))
    #expect(
      try candidates("tlbench sweep --format ") == ["table", "markdown", "csv", "latex", "json"])
    #expect(try candidates("tlbench sweep -f j") == ["json"])
    #expect(try candidates("tlbench sweep --architecture ") == ["simple", "medium", "deep"])
    #expect(
      try candidates("tlbench train --strategy line")
        == ["linear-probe", "linear-probe-early", "linear-probe-middle"])
    #expect(try candidates("tlbench recommend --similarity ").contains("unknown"))
  }

  /// Lists that are separated by commas, without the names that they have already.
  @Test func lists() throws {
    #expect(try candidates("tlbench sweep --similarities m") == ["medium"])
    #expect(
      try candidates("tlbench sweep --similarities low,") == ["low,medium", "low,high"])
    #expect(
      try candidates("tlbench compare --strategies linear-probe,feature-extraction-")
        == ["linear-probe,feature-extraction-trained", "linear-probe,feature-extraction-tuned"])
  }
}
