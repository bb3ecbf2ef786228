/// An error with an HDF5 file: the operation, the file and object, and the library's messages.
package struct HDF5Error: Error, Sendable, Hashable {
  package enum Code: UInt8, Sendable, Hashable {
    /// The file does not exist or may not be read.
    case cannotOpen
    /// The file does not begin with the HDF5 signature.
    case notHDF5
    /// The file begins with the HDF5 signature, but is truncated or damaged.
    case damaged
    /// The file is marked as open for writing: a program has it open, or was killed.
    case notClosed
    /// Another program has locked the file.
    case locked
    /// The file, or an object of this name, cannot be created.
    case cannotCreate
    /// No object or attribute has this name.
    case objectMissing
    /// The object or its elements are not of the requested kind.
    case wrongType
    /// The shape does not fit the values or the requested rows.
    case wrongShape
    /// The object claims more elements than its file can hold, or than a read may take.
    case tooLarge
    /// The object would take more memory than the process may use.
    case outOfMemory
    /// The object is in another file (external link, external storage, virtual dataset).
    case refersElsewhere
    /// The elements were encoded with a filter that is not supported.
    case unknownFilter
    case readFailed
    case writeFailed
    /// The process that read the file crashed, hung or took too much memory.
    case readerFailed
    /// The process that should read the file cannot be started.
    case noReader
  }

  package let code: Code
  /// The attempted operation, such as `read the dataset`.
  package let operation: String
  package let file: String
  /// The object inside the file, followed by `@` and a name for an attribute.
  package let object: String?
  /// The library's chain of messages, the outermost call first, or one message of this module.
  package let messages: [String]

  /// The file, followed by the object in it if there is one, such as `a.h5:/train/x`.
  package var place: String { file + (object.map { ":\($0)" } ?? "") }

  /// The innermost message, without the names of the library's functions.
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
  /// The whole error on one line.
  package var description: String { "cannot \(operation) \(place): \(reason)" }
}
