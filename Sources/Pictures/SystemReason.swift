import Foundation

/// The system's reason for the last failed call, with a small letter at its start: it goes on a
/// sentence.
func systemReason(_ error: Int32 = errno) -> String {
  let text = String(cString: strerror(error))
  return text.prefix(1).lowercased() + text.dropFirst()
}
