import ArgumentParser
import Foundation
import HDF5
import Records
import Transfer

/// Reads everything in files that may be damaged or malicious, as tlbench reads files of its users.
///
/// It measures the cost of that, and check_hostile_files.py uses it.
struct ReadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "read", abstract: "Read everything in HDF5 files.")

  @Argument(help: ArgumentHelp("HDF5 files.", valueName: "path"), completion: .file())
  var files: [String]

  @Flag(help: "Read in this process, not in a separate one.")
  var here = false

  func run() throws {
    let before = Self.openDescriptors
    for file in files {
      let watch = Stopwatch()
      let outcome: String
      do {
        let bytes = try Self.readEverything(in: file, by: here ? .thisProcess : .guarded)
        outcome = "read \(bytes) bytes"
      } catch {
        outcome = "\(error.code): \(error.cause)".replacing(/[[:cntrl:]]/, with: " ")
      }
      print("\(file)\t\(watch.wallSeconds)\t\(outcome)")
      fflush(nil)
    }
    print("descriptors\t\(before)\t\(Self.openDescriptors)")
  }

  /// Reads all elements and attributes, except those that are neither numbers nor texts.
  ///
  /// - Returns: the number of bytes read.
  private static func readEverything(
    in file: String, by access: FileAccess
  ) throws(HDF5Error) -> Int {
    let root = try HDF5File.open(file, by: access).root
    var bytes = 0
    var groups: Set<String> = ["/"]
    for path in try root.datasetPaths() {
      let dataset = try root.dataset(path)
      if dataset.elementType == .string {
        bytes += try dataset.readStrings().reduce(0) { $0 + $1.utf8.count }
      } else if dataset.elementType.isNumber {
        bytes += try dataset.read(as: Float.self).count * 4
      }
      bytes += try read(dataset.attributes)
      groups.insert(path.split(separator: "/").dropLast().map { "/\($0)" }.joined())
    }
    for path in groups.sorted() {
      let group = try root.group(path)
      bytes += try group.childNames().count
      bytes += try read(group.attributes)
    }
    return bytes
  }

  private static func read(_ attributes: HDF5Attributes) throws(HDF5Error) -> Int {
    var bytes = 0
    for name in try attributes.names() {
      do {
        bytes += try attributes.readStrings(name).reduce(0) { $0 + $1.utf8.count }
      } catch {
        guard error.code == .wrongType else { throw error }
        do {
          bytes += try attributes.readNumbers(name, as: Double.self).count * 8
        } catch {
          guard error.code == .wrongType else { throw error }
        }
      }
    }
    return bytes
  }

  private static var openDescriptors: Int {
    #if os(Linux)
      let folder = "/proc/self/fd"
    #else
      let folder = "/dev/fd"
    #endif
    return (try? FileManager.default.contentsOfDirectory(atPath: folder).count) ?? 0
  }
}
