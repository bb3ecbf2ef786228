/// A Swift number type that HDF5 reads and writes.
///
/// The conforming types are listed in this file; types of other layouts cannot be added elsewhere.
package protocol HDF5Number: Numeric, Sendable {
  /// The layout of the type in memory.
  static var numberKind: HDF5NumberKind { get }
}

/// The layouts of numbers in memory that are read and written.
package enum HDF5NumberKind: UInt8, Sendable, CaseIterable {
  case int8, uint8, int16, uint16, int32, uint32, int64, uint64, float, double

  var bytes: Int {
    switch self {
    case .int8, .uint8: 1
    case .int16, .uint16: 2
    case .int32, .uint32, .float: 4
    case .int64, .uint64, .double: 8
    }
  }
}

extension Int8: HDF5Number { package static var numberKind: HDF5NumberKind { .int8 } }
extension UInt8: HDF5Number { package static var numberKind: HDF5NumberKind { .uint8 } }
extension Int16: HDF5Number { package static var numberKind: HDF5NumberKind { .int16 } }
extension UInt16: HDF5Number { package static var numberKind: HDF5NumberKind { .uint16 } }
extension Int32: HDF5Number { package static var numberKind: HDF5NumberKind { .int32 } }
extension UInt32: HDF5Number { package static var numberKind: HDF5NumberKind { .uint32 } }
extension Int64: HDF5Number { package static var numberKind: HDF5NumberKind { .int64 } }
extension UInt64: HDF5Number { package static var numberKind: HDF5NumberKind { .uint64 } }
/// `Int` is stored with 64 bits: every platform that this package supports has a 64-bit `Int`.
extension Int: HDF5Number { package static var numberKind: HDF5NumberKind { .int64 } }
extension Float: HDF5Number { package static var numberKind: HDF5NumberKind { .float } }
extension Double: HDF5Number { package static var numberKind: HDF5NumberKind { .double } }
