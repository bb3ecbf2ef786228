package import Foundation

/// The programs of this package, as the build left them.
package enum BuiltProgram {
  package enum Missing: Error { case notBuilt(String, besides: [String]) }

  /// The repository of the tests.
  package static let repository = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The path of a program: looks beside the tests and in the folders above, where the build puts
  /// both.
  package static func path(_ name: String = "tlbench") throws -> URL {
    let bundles = Bundle.allBundles.map(\.bundleURL)
    let starts = [URL(fileURLWithPath: CommandLine.arguments[0]).absoluteURL] + bundles
    var folders = starts.flatMap { start in
      sequence(first: start) { $0.path == "/" ? nil : $0.deletingLastPathComponent() }.prefix(6)
    }
    folders.append(repository.appending(path: ".build/release"))
    for folder in folders {
      let candidate = folder.appending(path: name)
      let values = try? candidate.resolvingSymlinksInPath().resourceValues(
        forKeys: [.isRegularFileKey])
      if values?.isRegularFile == true,
        FileManager.default.isExecutableFile(atPath: candidate.path)
      {
        return candidate
      }
    }
    throw Missing.notBuilt(name, besides: starts.map(\.path))
  }
}
