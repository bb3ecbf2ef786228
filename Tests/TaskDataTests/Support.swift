import Foundation
import TestSupport

/// The path of a file of the folder Fixtures.
func fixture(_ name: String) throws -> String {
  guard let folder = Bundle.module.resourcePath else { throw CocoaError(.fileNoSuchFile) }
  return "\(folder)/Fixtures/\(name)"
}
