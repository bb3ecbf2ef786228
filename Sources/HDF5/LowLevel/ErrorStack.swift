import CHDF5

/// The library's messages about its last failure on this thread.
enum ErrorStack {
  /// Removes the messages from the stack and returns them, the outermost call first.
  ///
  /// Call this on the thread of the failed call, before the lock is released: the next call clears
  /// the stack.
  static func takeMessages() -> [String] {
    let stack = H5Eget_current_stack()
    guard stack >= 0 else { return [] }
    defer { H5Eclose_stack(stack) }
    var messages: [String] = []
    withUnsafeMutablePointer(to: &messages) { messages in
      _ = H5Ewalk2(
        stack, H5E_WALK_DOWNWARD,
        { _, entry, context in
          if let entry, let messages = context?.assumingMemoryBound(to: [String].self) {
            messages.pointee.append(ErrorStack.text(of: entry.pointee))
          }
          return 0
        }, messages)
    }
    return messages
  }

  /// The text of an entry on one line: `description [major class/minor class in function]`.
  private static func text(of entry: H5E_error2_t) -> String {
    let description = entry.desc.map { String(cString: $0) } ?? ""
    let function = entry.func_name.map { " in " + String(cString: $0) } ?? ""
    let classes = [entry.maj_num, entry.min_num].map(classText).joined(separator: "/")
    // Messages about failed reads and writes contain the time and a line end.
    let line = description.split(whereSeparator: \.isNewline).joined(separator: " ")
    return "\(line) [\(classes)\(function)]"
  }

  private static func classText(_ identifier: hid_t) -> String {
    // The library's longest text has 60 characters.
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
      guard let start = buffer.baseAddress,
        H5Eget_msg(identifier, nil, start, buffer.count) > 0
      else { return "?" }
      return String(cString: start)
    }
  }
}
