import CZlib
import Foundation
import Records

/// Reads the members of a zip archive: stored ones, as Keras writes `.keras` and PyTorch its
/// checkpoints, and deflated ones, as other programs repack them.
///
/// A class because it keeps which members are known to be undamaged.
final class ZipArchive {
  private let file: FileBytes
  private let members: [String: ZipDirectory.Member]
  /// The names of the members, in the order of the archive's directory.
  let names: [String]
  /// Stored members whose checksum was right.
  private var undamaged: Set<String> = []
  /// How many bytes deflated members have become so far.
  private var inflatedCount = 0

  static let copyAgain = "Copy the file again."
  /// Limits against decompression bombs.
  ///
  /// Weights hardly compress, so a member is refused if its content is longer than both a harmless
  /// length and 100 times the compressed bytes. The sum over everything that is read is limited
  /// alike.
  private static let (harmlessLength, harmlessSum, largestFactor) = (64 << 20, 512 << 20, 100)

  /// Whether bytes begin as a zip archive does.
  static func isRecognized(_ start: some Collection<UInt8>) -> Bool {
    start.starts(with: [0x50, 0x4B, 0x03, 0x04])
  }

  /// Opens an archive and reads its directory.
  ///
  /// - Throws: `ModelError` if the archive is damaged or of an unsupported kind.
  init(_ path: String) throws(ModelError) {
    file = try FileBytes(path)
    let directory = try ZipDirectory(of: file)
    members = directory.members
    names = directory.names
  }

  /// The size of the archive in bytes.
  var byteCount: Int { file.count }

  /// The length of a member's content; `nil` if there is no member of this name.
  func length(of name: String) -> Int? { members[name]?.length }

  /// The content of a member.
  ///
  /// - Throws: `ModelError` if there is no member of this name, or if it is damaged.
  func contents(of name: String) throws(ModelError) -> Data {
    guard let member = members[name] else {
      throw ModelError("the archive has no member '\(name)', only \(ModelError.list(names))")
    }
    let content =
      member.isDeflated ? try inflated(member, called: name) : try file.read(member.bytes)
    guard CRC32.checksum(content) == member.checksum else {
      throw ModelError(
        at: name, "its checksum is wrong: it is damaged", remedy: ZipArchive.copyAgain)
    }
    if !member.isDeflated { undamaged.insert(name) }
    return content
  }

  /// A part of the content of a member, of which no more is read than that once the member is known
  /// to be undamaged.
  ///
  /// - Parameter part: inside the content.
  func contents(of name: String, in part: Range<Int>) throws(ModelError) -> Data {
    guard let member = members[name], undamaged.contains(name) else {
      let whole = try contents(of: name)
      return part == 0..<whole.count ? whole : whole.subdata(in: part)
    }
    let start = member.bytes.lowerBound
    return try file.read(start + part.lowerBound..<start + part.upperBound)
  }

  private func inflated(
    _ member: ZipDirectory.Member, called name: String
  ) throws(ModelError) -> Data {
    func largest(_ harmless: Int, _ compressed: Int) -> Int {
      max(harmless, compressed * ZipArchive.largestFactor)
    }
    let remedy = "If you trust the file, repack it without compression, with 'zip -0'."
    guard member.length <= largest(ZipArchive.harmlessLength, member.bytes.count) else {
      throw ModelError(
        at: name,
        "its \(member.bytes.count) compressed bytes would become \(member.length), far more than "
          + "for any weights",
        remedy: remedy)
    }
    inflatedCount += member.length
    guard inflatedCount <= largest(ZipArchive.harmlessSum, file.count) else {
      throw ModelError(
        "its \(file.count) bytes would become more than \(inflatedCount), far more than for any "
          + "weights",
        remedy: remedy)
    }
    guard member.length > 0 else { return Data() }
    let source = try file.read(member.bytes)
    var content = Data(count: member.length)
    let isWhole = content.withUnsafeMutableBytes { buffer in
      source.withUnsafeBytes { bytes in
        guard let from = bytes.bindMemory(to: UInt8.self).baseAddress,
          let to = buffer.bindMemory(to: UInt8.self).baseAddress
        else { return false }
        return czlib_inflate(from, source.count, to, member.length) == 1
      }
    }
    guard isWhole else {
      throw ModelError(
        at: name, "its compressed content is damaged", remedy: ZipArchive.copyAgain)
    }
    return content
  }
}
