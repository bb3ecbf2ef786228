import Foundation
import Records

/// An archive of `torch.save` that is built member by member.
enum TorchArchiveBuilder {
  /// A zip archive of stored members.
  static func archive(_ members: [(name: String, content: [UInt8])]) -> Data {
    var (data, directory): ([UInt8], [UInt8]) = ([], [])
    for (name, content) in members {
      let place = data.count
      let common =
        bytes(0, 8) + bytes(Int(CRC32.checksum(content)), 4) + bytes(content.count, 4)
        + bytes(content.count, 4) + bytes(name.utf8.count, 2)
      data += bytes(0x0403_4B50, 4) + bytes(20, 2) + common + bytes(0, 2) + Array(name.utf8)
      data += content
      directory += bytes(0x0201_4B50, 4) + bytes(20, 2) + bytes(20, 2) + common + bytes(0, 12)
      directory += bytes(place, 4) + Array(name.utf8)
    }
    let end =
      bytes(0x0605_4B50, 4) + bytes(0, 4) + bytes(members.count, 2) + bytes(members.count, 2)
      + bytes(directory.count, 4) + bytes(data.count, 4) + bytes(0, 2)
    return Data(data + directory + end)
  }

  /// A checkpoint with a pickle and some storages, under a name as PyTorch gives it.
  static func checkpoint(_ pickle: [UInt8], _ storages: [[UInt8]] = []) -> Data {
    archive(
      [("m/data.pkl", pickle), ("m/byteorder", Array("little".utf8))]
        + storages.enumerated().map { ("m/data/\($0.offset)", $0.element) })
  }

  /// An integer of some bytes, the least significant one first.
  static func bytes(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}

/// Instructions of pickles, put together by hand.
enum Instructions {
  static let start: [UInt8] = [0x80, 2]
  static let stop = Array(".".utf8)
  static let call = Array("R".utf8)

  static func text(_ text: String) -> [UInt8] {
    Array("X".utf8) + TorchArchiveBuilder.bytes(text.utf8.count, 4) + Array(text.utf8)
  }

  static func integer(_ value: Int) -> [UInt8] {
    [0x8A, 8] + TorchArchiveBuilder.bytes(value, 8)
  }

  static func name(_ module: String, _ name: String) -> [UInt8] {
    Array("c\(module)\n\(name)\n".utf8)
  }

  static func tuple(_ parts: [[UInt8]]) -> [UInt8] {
    Array("(".utf8) + parts.flatMap { $0 } + Array("t".utf8)
  }

  static func dictionary(_ items: [(String, [UInt8])]) -> [UInt8] {
    Array("}(".utf8) + items.flatMap { text($0.0) + $0.1 } + Array("u".utf8)
  }

  static func storage(_ key: String, _ count: Int, type: String = "FloatStorage") -> [UInt8] {
    tuple([
      text("storage"), name("torch", type), text(key), text("cpu"), integer(count),
    ]) + Array("Q".utf8)
  }

  static func tensor(
    _ storage: [UInt8], offset: Int = 0, _ shape: [Int], _ strides: [Int]
  ) -> [UInt8] {
    name("torch._utils", "_rebuild_tensor_v2")
      + tuple([
        storage, integer(offset), tuple(shape.map(integer)), tuple(strides.map(integer)), [0x89],
        name("collections", "OrderedDict") + Array(")R".utf8),
      ]) + call
  }

  /// A pickle of a value.
  static func pickle(_ value: [UInt8]) -> [UInt8] { start + value + stop }
}
