import Records
import Testing

/// SHA-256, and the bytes that are fed into it.
struct ContentDigestTests {
  /// The examples of FIPS 180-2, appendix B, and the digest of no bytes.
  @Test(
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        String(repeating: "a", count: 1_000_000),
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
      ),
    ])
  func knownAnswers(text: String, digest: String) {
    var whole = ContentDigest()
    whole.append(Array(text.utf8))
    #expect(whole.hexadecimal() == digest)
    var parts = ContentDigest()
    for byte in text.utf8.prefix(7) { parts.append([byte]) }
    parts.append(Array(text.utf8.dropFirst(7)))
    #expect(parts.hexadecimal() == digest)
  }

  /// Numbers are fed with their lowest byte first, and lengths before their values.
  ///
  /// The expected digests are those of Python's `hashlib` for the bytes in the comments.
  @Test func valuesAndLengths() {
    var text = ContentDigest()
    text.update("ab")  // 02 00 00 00 00 00 00 00 61 62
    #expect(
      text.hexadecimal() == "5dff2b3fa79721a8181b9beb1db6bcce93b482f9aa3a5c9b864fc4429e31d5f2")
    var numbers = ContentDigest()
    numbers.update(UInt32(0x0102_0304))  // 04 03 02 01
    numbers.update(1.5)  // 00 00 00 00 00 00 f8 3f
    numbers.update([Float(1)])  // 01 00 00 00 00 00 00 00 00 00 80 3f
    #expect(
      numbers.hexadecimal() == "03d3f233ae16a874dfbbcb74af1ed4b0561f183b812ee8b755f34a3e5a396331")
  }

  /// The seed is the first eight bytes of the digest, the highest first.
  @Test func seed() { #expect(ContentDigest.seed("ab") == 0x5DFF_2B3F_A797_21A8) }
}
