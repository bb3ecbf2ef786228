/// What went wrong in an HDF5 file: the attempt, the place, and the library's own account.
package struct HDF5Error: Error, Sendable, Hashable {
  package enum Code: UInt8, Sendable, Hashable {
    /// The file does not exist or may not be read.
    case cannotOpen
    /// The file does not begin as HDF5 does.
    case notHDF5
    /// The file is HDF5 by its beginning, but is cut off or damaged.
    case damaged
    /// The file says that a program has it open for writing: one does, or one was killed.
    case notClosed
    /// Another program has locked the file.
    case locked
    /// The file cannot be created, or an object of this name cannot.
    case cannotCreate
    /// No object or attribute has this name.
    case objectMissing
    /// The elements are not of the kind asked for, or the object is not.
    case wrongType
    /// The shape does not fit the values or the rows asked for.
    case wrongShape
    /// The object claims more elements than its file can hold, or than memory should.
    case tooLarge
    /// The object would take more memory than the process may use.
    case outOfMemory
    /// The object lies in another file (external link, external storage, virtual dataset).
    case refersElsewhere
    /// The elements went through a filter that is not part of the library.
    case unknownFilter
    case readFailed
    case writeFailed
    /// The process that read the file crashed, hung or took too much memory.
    case readerFailed
    /// The process that should read the file cannot be started.
    case noReader
  }

  package let code: Code
  /// What was attempted, such as `read the dataset`.
  package let operation: String
  package let file: String
  /// The object inside the file, or the object and `@` and an attribute's name.
  package let object: String?
  /// The library's chain of messages, outermost call first; or one message of this module.
  package let messages: [String]

  /// The file, with the object in it where there is one: `a.h5:/train/x`.
  package var place: String { file + (object.map { ":\($0)" } ?? "") }

  /// The innermost message without the names of the library's functions: what users want to read.
  package var cause: String {
    let message = messages.last ?? "no reason is known"
    guard let bracket = message.lastIndex(of: "["), message[bracket...].contains(" in H5") else {
      return message
    }
    return String(message[..<bracket].dropLast())
  }

  /// The messages on one line, the outermost first.
  package var reason: String { messages.joined(separator: " <- ") }
}

extension HDF5Error: CustomStringConvertible {
  /// One line with everything.
  package var description: String { "cannot \(operation) \(place): \(reason)" }
}
