import Records
import TaskData
import Tensors

extension TransferError {
  /// The largest number of classes that a weights file may have.
  static let largestClassCount = 65_536

  static func check(classCount: Int) throws(TransferError) {
    guard classCount >= 2 else { throw .tooFewClasses(classCount) }
    guard classCount <= largestClassCount else {
      throw .tooManyClasses(classCount, limit: largestClassCount)
    }
  }

  /// The rate, if it is a positive number.
  static func checked(rate: Double) throws(TransferError) -> Double {
    guard rate > 0, rate.isFinite else { throw .invalidLearningRate(rate) }
    return rate
  }

  /// Runs an action and turns errors of other modules into errors of the library.
  static func translating<Result>(_ action: () throws -> Result) throws(TransferError) -> Result {
    do {
      return try action()
    } catch let error as TransferError {
      throw error
    } catch let failure as Failure {
      switch failure.kind {
      case .inputMissing: throw .fileMissing(failure.description)
      case .badData: throw .invalidFile(failure.description)
      default: throw .failed(failure.description)
      }
    } catch {
      throw .failed("\(error)")
    }
  }
}

extension LabeledImages {
  /// Checks that a classifier can use these images.
  func check(shape expected: ImageShape, classCount classes: Int) throws(TransferError) {
    guard count > 0 else { throw .emptyDataset }
    guard shape == expected else { throw .wrongShape(expected: expected, found: shape) }
    guard classCount == classes else {
      throw .wrongClassCount(expected: classes, found: classCount)
    }
  }
}
