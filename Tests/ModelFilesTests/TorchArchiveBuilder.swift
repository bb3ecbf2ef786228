import Foundation
import Records

/// An archive of `torch.save` that is built member by member.
enum TorchArchiveBuilder {
  /// A zip archive of stored members.
  static func archive(_ members: [(name: String, content: [UInt8])]) -> Data {
    var data: [UInt8] = []
    var directory: [UInt8] = []
    for (name, content) in members {
      let place = data.count
      let common = Instructions.join(
        bytes(0, 8), bytes(Int(CRC32.checksum(content)), 4), bytes(content.count, 4),
        bytes(content.count, 4), bytes(name.utf8.count, 2))
      data += Instructions.join(bytes(0x0403_4B50, 4), bytes(20, 2), common, bytes(0, 2))
      data += Array(name.utf8)
      data += content
      directory += Instructions.join(
        bytes(0x0201_4B50, 4), bytes(20, 2), bytes(20, 2), common, bytes(0, 12), bytes(place, 4))
      directory += Array(name.utf8)
    }
    let end = Instructions.join(
      bytes(0x0605_4B50, 4), bytes(0, 4), bytes(members.count, 2), bytes(members.count, 2),
      bytes(directory.count, 4), bytes(data.count, 4), bytes(0, 2))
    return Data(Instructions.join(data, directory, end))
  }

  /// A checkpoint with a pickle and some storages, under a name as PyTorch gives it.
  static func checkpoint(_ pickle: [UInt8], _ storages: [[UInt8]] = []) -> Data {
    var members: [(name: String, content: [UInt8])] = [
      (name: "m/data.pkl", content: pickle),
      (name: "m/byteorder", content: Array("little".utf8)),
    ]
    for (index, storage) in storages.enumerated() {
      members.append((name: "m/data/\(index)", content: storage))
    }
    return archive(members)
  }

  /// An integer of some bytes, the least significant one first.
  static func bytes(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}

/// Instructions of pickles, put together by hand.
enum Instructions {
  static let start: [UInt8] = [0x80, 2]
  static let stop: [UInt8] = [0x2E]
  static let mark: [UInt8] = [0x28]
  static let call: [UInt8] = [0x52]

  static func join(_ parts: [UInt8]...) -> [UInt8] { Array(parts.joined()) }

  static func text(_ text: String) -> [UInt8] {
    join([0x58], TorchArchiveBuilder.bytes(text.utf8.count, 4), Array(text.utf8))
  }

  static func integer(_ value: Int) -> [UInt8] {
    join([0x8A, 8], TorchArchiveBuilder.bytes(value, 8))
  }

  static func name(_ module: String, _ name: String) -> [UInt8] {
    Array("c\(module)\n\(name)\n".utf8)
  }

  static func tuple(_ parts: [[UInt8]]) -> [UInt8] {
    join(mark, Array(parts.joined()), [0x74])
  }

  static func dictionary(_ items: [(String, [UInt8])]) -> [UInt8] {
    var result: [UInt8] = [0x7D, 0x28]
    for (name, value) in items { result += join(text(name), value) }
    return join(result, [0x75])
  }

  static func storage(_ key: String, _ count: Int, type: String = "FloatStorage") -> [UInt8] {
    let identifier = tuple([
      text("storage"), name("torch", type), text(key), text("cpu"), integer(count),
    ])
    return join(identifier, [0x51])
  }

  static func tensor(
    _ storage: [UInt8], offset: Int = 0, _ shape: [Int], _ strides: [Int]
  ) -> [UInt8] {
    let arguments = tuple([
      storage, integer(offset), tuple(shape.map(integer)), tuple(strides.map(integer)), [0x89],
      join(name("collections", "OrderedDict"), [0x29], call),
    ])
    return join(name("torch._utils", "_rebuild_tensor_v2"), arguments, call)
  }

  /// A pickle of a value.
  static func pickle(_ value: [UInt8]) -> [UInt8] { join(start, value, stop) }
}
