import Foundation

/// Finds the files that come with tlbench: pretrained weights in `Datasets`, and reference results
/// in `Results`.
///
/// A path such as `Results/reference.h5` that does not exist in the current folder is searched in
/// the folder that `TLBENCH_DATA` names or, without that variable, beside the program (for a
/// program that was built in a checkout, in the checkout) and in `<prefix>/share/tlbench`. A file
/// of the user's, such as `Results/sweep.h5`, is only read where the path says.
enum SuppliedFiles {
  /// The variable of the environment that names the folder to search.
  static let variable = "TLBENCH_DATA"

  /// The path at which an input file is read: that of the supplied file if the current folder has
  /// none of this name, and otherwise the path itself.
  static func path(_ path: String) -> String {
    guard isSupplied(path), !FileManager.default.fileExists(atPath: path) else { return path }
    return candidates(for: path).first(where: FileManager.default.fileExists) ?? path
  }

  private static let results = ["reference", "rates", "tuned", "shift", "shapes"]
  /// Those of the results, and those of sweeps whose results do not come with tlbench.
  private static let plans = results + ["budget-1", "budget-3", "budget-10"]

  /// Whether a path is that of a supplied file, by its folder and its name.
  private static func isSupplied(_ path: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let folder = DefaultFolder(rawValue: parts[0]) else { return false }
    return switch folder {
    case .tasks: parts[1].hasSuffix(".weights.h5")
    case .results:
      parts[1] == "tolerances.json"
        || results.contains { parts[1] == "\($0).h5" }
        || plans.contains { parts[1] == "\($0).plan.json" }
    }
  }

  /// The places of a file outside of the current folder, the first to look at first.
  private static func candidates(for path: String) -> [String] {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return folders.flatMap { ["\($0)/\(path)", "\($0)/\(name)"] }
  }

  private static var folders: [String] {
    if let folder = ProcessInfo.processInfo.environment[variable], !folder.isEmpty {
      return [folder]
    }
    let link = Bundle.main.executablePath ?? CommandLine.arguments[0]
    let folder = URL(fileURLWithPath: link).resolvingSymlinksInPath().deletingLastPathComponent()
    let parts = folder.path.split(separator: "/")
    let checkout = parts.firstIndex(of: ".build").map { build in
      "/" + parts[..<build].joined(separator: "/")
    }
    let prefix = folder.deletingLastPathComponent().path
    return [folder.path] + (checkout.map { [$0] } ?? []) + ["\(prefix)/share/tlbench"]
  }
}
