import Foundation
import HDF5
import Pictures
import Records
import TaskData
import Tensors
import Testing

/// Decoded pictures against those of Pillow (Fixtures/make_pictures.py).
struct DecodingTests {
  /// PNG is equal byte by byte; libraries of JPEG may round differently.
  private func expectEqual(_ found: [UInt8], _ expected: [UInt8], _ name: String) {
    let difference = zip(found, expected).map { abs(Int($0) - Int($1)) }.max()
    #expect(found.count == expected.count, "\(name)")
    let isJPEG = name.hasSuffix(".jpg") || name.hasPrefix("no-suffix")
    #expect((difference ?? 0) <= (isJPEG ? 2 : 0), "\(name)")
  }

  @Test func fixturesAreThere() { #expect(Sample.names.count == 28) }

  /// At its own size a picture is that of Pillow: grey, RGB, CMYK, progressive, of all
  /// orientations, with palette, alpha, 16 bits, interlaced.
  @Test(arguments: Sample.names)
  func pixels(name: String) throws {
    let expected = try Sample.expected().group(name)
    for (kind, channels) in [("rgb", 3), ("gray", 1)] {
      let pixels = try expected.dataset(kind)
      let form = try Sample.form(
        pixels.shape[0], pixels.shape[1], .stretch, channels: channels)
      let found = try form.picture(of: Sample.bytes(name)).pixels
      expectEqual(found, try pixels.read(as: UInt8.self), name)
    }
  }

  /// Pictures are fitted as `ImageOps.fit`, `ImageOps.pad` and `Image.resize` of Pillow do.
  @Test(arguments: Sample.names)
  func fitting(name: String) throws {
    let expected = try Sample.expected().group(name)
    for fit in PictureForm.Fit.allCases {
      let found = try Sample.form(9, 12, fit).picture(of: Sample.bytes(name)).pixels
      expectEqual(found, try expected.dataset(fit.rawValue).read(as: UInt8.self), name)
    }
  }

  /// Columns that are cut off are not decoded, which changes no pixel.
  @Test(
    arguments: ["444.jpg", "422.jpg", "420.jpg", "gray.jpg", "progressive.jpg"], [1, 3])
  func columnsLeftOut(name: String, channels: Int) throws {
    let file = Array(try Data(contentsOf: Sample.folder.appending(path: "wide/\(name)")))
    let (height, width) = (40, 203)
    let whole = try Sample.form(height, width, .stretch, channels: channels).picture(of: file)
    for side in [1, 3, 8, 31, 40, 77, 111, 150, 180, 199] {
      let size = ImageSize(height: 40, width: side)
      let cut = Double(side) / 40 * Double(height)
      let left = (Double(width) - cut) * 0.5
      let resize = BilinearResize(
        ImageShape(height: height, width: width, channels: channels), to: size,
        part: ImagePart(columns: Float(left)..<Float(left + cut), rows: 0..<40))
      let form = try Sample.form(size.height, side, .crop, channels: channels)
      let found = try form.picture(of: file)
      #expect(found.pixels == resize.apply(whole.pixels), "\(side) columns of \(name)")
      #expect(found.changes == whole.changes)
    }
  }

  /// What was done to a picture is told.
  @Test(arguments: [
    ("gray.jpg", "are grey"), ("cmyk.jpg", "from CMYK"), ("orientation-6.jpg", "EXIF"),
    ("rgba.png", "on white"), ("colour-key.png", "on white"), ("rgb-16.png", "16 bits"),
  ])
  func changes(name: String, words: String) throws {
    let changes = try Sample.form().picture(of: Sample.bytes(name)).changes
    let texts = PictureChanges.all.filter { changes.contains($0.change) }.map(\.text)
    #expect(texts.count == 1 && texts[0].contains(words), "\(texts)")
    #expect(try Sample.form().picture(of: Sample.bytes("rgb.jpg")).changes == [])
  }

  /// A file that ends too early, wherever, is broken and nothing else.
  @Test(arguments: Sample.names)
  func truncated(name: String) throws {
    let (bytes, form) = (try Sample.bytes(name), try Sample.form())
    for count in bytes.indices {
      #expect(throws: BrokenPicture.self, "\(count) bytes of \(name)") {
        try form.picture(of: Array(bytes[..<count]))
      }
    }
  }

  /// Changed bytes make another picture or a broken one.
  @Test(arguments: Sample.names.filter { !$0.hasPrefix("gray-16") })
  func mutated(name: String) throws {
    let (bytes, form) = (try Sample.bytes(name), try Sample.form())
    var outcomes = Set<Int>()
    for index in bytes.indices {
      for flip in [0x01, 0x80, 0xFF] as [UInt8] {
        var other = bytes
        other[index] ^= flip
        outcomes.insert((try? form.picture(of: other).pixels.count) ?? 0)
      }
    }
    #expect(outcomes.isSubset(of: [0, 90]))
  }

  @Test func otherFormats() throws {
    for (bytes, reason) in [([], "it is empty"), (Array("GIF89a".utf8), "neither a JPEG")] {
      let error = try #require(throws: BrokenPicture.self) {
        try Sample.form().picture(of: bytes)
      }
      #expect(error.reason.contains(reason))
    }
  }

  /// A header of more pixels than the limit is refused before anything is allocated.
  @Test func largePNG() throws {
    var bytes = try Sample.bytes("rgb.png")
    bytes.replaceSubrange(16..<24, with: [0, 0, 0x7F, 0xFF, 0, 0, 0x7F, 0xFF])
    let checksum = CRC32.checksum(bytes[12..<29])
    bytes.replaceSubrange(29..<33, with: (0..<4).map { UInt8(checksum >> (24 - 8 * $0) & 0xFF) })
    let error = try #require(throws: BrokenPicture.self) { try Sample.form().picture(of: bytes) }
    #expect(error.reason == "it has 32767 × 32767 pixels, more than the limit of 89478485")
  }

  @Test func largeJPEG() throws {
    var bytes = try Sample.bytes("rgb.jpg")
    let frame = try #require(
      bytes.indices.dropLast(9).first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
    bytes.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0xDC, 0xFF, 0xDC])
    let error = try #require(throws: BrokenPicture.self) { try Sample.form().picture(of: bytes) }
    #expect(error.reason.contains("65500 × 65500 pixels, more than the limit"))
  }

  /// A small file could keep a decoder busy with thousands of scans.
  @Test func manyScans() throws {
    let bytes = try Sample.bytes("progressive.jpg")
    let scan = try #require(
      bytes.indices.dropLast().last { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xDA })
    let scans = (0..<200).flatMap { _ in bytes[scan..<bytes.count - 2] }
    let error = try #require(throws: BrokenPicture.self) {
      try Sample.form().picture(of: bytes[..<scan] + scans + [0xFF, 0xD9])
    }
    #expect(error.reason == "it has more than 100 scans")
  }

  /// A form that no set has is refused by the name of the property.
  @Test func forms() {
    #expect(throws: Failure.self) { try Sample.form(0, 3) }
    #expect(throws: Failure.self) { try Sample.form(3, 4097) }
    #expect(throws: Failure.self) { try Sample.form(channels: 2) }
  }
}
