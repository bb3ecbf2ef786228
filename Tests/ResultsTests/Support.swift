import Records

/// The failure that `body` throws, or `nil`.
func failureThrown(by body: () throws -> Void) -> Failure? {
  do {
    try body()
    return nil
  } catch {
    return error as? Failure
  }
}
