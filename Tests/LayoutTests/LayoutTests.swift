import Foundation
import TestSupport
import Testing

/// Holds the layout of the sources: which module uses which, folders that can be taken in at a
/// glance, lines that fit, and libraries that know no command line.
struct LayoutTests {
  private static let sources = SourceFile.all(in: ["Sources", "Benchmarks/Worker"])
  private static let everything = sources + SourceFile.all(in: ["Tests"])

  /// A module imports only what the manifest lists for it, and depends only on modules that the
  /// manifest names before it.
  @Test func imports() throws {
    let manifest = try Manifest()
    #expect(manifest.modules.count > 12)
    for (index, module) in manifest.modules.enumerated() {
      let earlier = Set(manifest.modules[..<index].map(\.name)).union(manifest.cModules)
      let unknown = module.dependencies.subtracting(earlier).sorted()
      #expect(unknown.isEmpty, "\(module.name) depends on \(unknown), which come later")
    }
    let names = Set(manifest.modules.map(\.name)).union(manifest.cModules)
    for file in Self.sources {
      guard let module = manifest.modules.first(where: { file.path.hasPrefix($0.folder + "/") })
      else { continue }
      let foreign = file.imports.intersection(names).subtracting(module.dependencies)
      #expect(foreign.isEmpty, "\(file.path) imports \(foreign.sorted())")
    }
  }

  /// No folder holds more than 20 Swift files.
  @Test func folders() {
    let folders = Dictionary(grouping: Self.everything, by: \.folder)
    for (folder, files) in folders {
      #expect(files.count <= 20, "\(folder) has \(files.count) files")
    }
  }

  /// No comment is wider than 100 columns; the formatter sees to the code.
  @Test func commentWidths() {
    for file in Self.everything {
      for (number, line) in file.lines.enumerated()
      where line.count > 100 && line.drop(while: { $0 == " " }).hasPrefix("//") {
        Issue.record("\(file.path):\(number + 1) has \(line.count) columns")
      }
    }
  }

  /// Nothing is printed but by the one function that notices what cannot be written.
  @Test func printing() {
    let call = /(?:^|[\s({\[=;])(?:print|debugPrint|dump|puts|fputs|fwrite|printf|fprintf)\(/
    for file in Self.sources where file.path.hasPrefix("Sources/") {
      for (number, line) in file.lines.enumerated()
      where !line.drop(while: { $0 == " " }).hasPrefix("//") && line.contains(call) {
        Issue.record("\(file.path):\(number + 1): \(line)")
      }
    }
  }

  /// Strings of libraries name properties in backquotes, which the command line turns into options.
  ///
  /// Excepted are the command that a suggested sweep consists of, and options of other programs.
  @Test func optionsInLibraries() {
    let option = /--(?!array\b|memory-mib\b)[a-z]{3,}/
    for file in Self.sources
    where file.path.hasPrefix("Sources/") && !file.path.hasPrefix("Sources/tlbench/")
      && file.name != "SuggestedSweep.swift"
    {
      for (number, line) in file.lines.enumerated()
      where !line.drop(while: { $0 == " " }).hasPrefix("//") && line.contains(option) {
        Issue.record("\(file.path):\(number + 1): \(line)")
      }
    }
  }
}

/// A Swift file of the repository.
struct SourceFile: Sendable {
  /// From the repository's root on.
  let path: String
  let lines: [Substring]

  var folder: String { String(path.dropLast(name.count + 1)) }
  var name: Substring { path.split(separator: "/").last ?? "" }

  /// The modules that the file imports.
  var imports: Set<String> {
    Set(
      lines.compactMap { line in
        line.wholeMatch(of: /(?:@\w+ )?(?:package |public )?import (\w+)/).map { String($0.1) }
      })
  }

  static func all(in folders: [String]) -> [SourceFile] {
    let root = BuiltProgram.repository
    return folders.flatMap { folder in
      let names =
        FileManager.default.enumerator(atPath: root.appending(path: folder).path)?
        .compactMap { $0 as? String } ?? []
      return names.filter { $0.hasSuffix(".swift") }.sorted().compactMap { name in
        let path = "\(folder)/\(name)"
        let text = try? String(contentsOf: root.appending(path: path), encoding: .utf8)
        return text.map {
          SourceFile(
            path: path, lines: $0.split(separator: "\n", omittingEmptySubsequences: false))
        }
      }
    }
  }
}

/// What Package.swift says about the modules, in its order.
struct Manifest {
  struct Module {
    let name: String
    let dependencies: Set<String>
    let folder: String
  }

  let modules: [Module]
  /// The targets that are C or C++.
  let cModules: Set<String>

  init() throws {
    let text = try String(
      contentsOf: BuiltProgram.repository.appending(path: "Package.swift"), encoding: .utf8)
    let dependencies = /"(\w+)"/
    let library = /module\(\s*"(\w+)",\s*\[([^\]]*)\]\)/
    let program =
      /executableTarget\(\s*name: "([\w-]+)",\s*dependencies: \[([^\]]*)\],\s*(?:path: "([^"]+)")?/
    func names(_ list: Substring) -> Set<String> {
      Set(list.matches(of: dependencies).map { String($0.1) })
    }
    modules =
      text.matches(of: library).map {
        Module(name: String($0.1), dependencies: names($0.2), folder: "Sources/\($0.1)")
      }
      + text.matches(of: program).map {
        Module(
          name: String($0.1), dependencies: names($0.2),
          folder: $0.3.map(String.init) ?? "Sources/\($0.1)")
      }
    let c = /(?:systemLibrary|\.target)\(\s*name: "(C\w+)"/
    cModules = Set(text.matches(of: c).map { String($0.1) })
  }
}
