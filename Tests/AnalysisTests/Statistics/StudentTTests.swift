import Analysis
import Testing

@Suite struct StudentTTests {
  /// Quantiles agree with SciPy from 1 to 100,000 degrees of freedom.
  @Test func quantilesAgreeWithSciPy() throws {
    let references = try Reference.load().quantiles
    #expect(references.count == 50)
    for reference in references {
      let value = StudentT.quantile(
        reference.probability, degreesOfFreedom: reference.degreesOfFreedom)
      #expect(
        (value / reference.value - 1).magnitude < 1e-9,
        "p=\(reference.probability) df=\(reference.degreesOfFreedom)")
    }
  }

  /// Cumulative probabilities agree with SciPy on both sides of zero.
  @Test func cumulativesAgreeWithSciPy() throws {
    let references = try Reference.load().cumulatives
    #expect(references.count == 28)
    for reference in references {
      let value = StudentT.cumulative(
        reference.t, degreesOfFreedom: reference.degreesOfFreedom)
      #expect(
        (value - reference.value).magnitude < 1e-12,
        "t=\(reference.t) df=\(reference.degreesOfFreedom)")
    }
  }

  /// With one degree of freedom the quantile is that of the Cauchy distribution, tan(π (p − 1/2)).
  @Test func quartileOfCauchy() {
    #expect((StudentT.quantile(0.75, degreesOfFreedom: 1) - 1).magnitude < 1e-12)
  }

  /// The median is exactly zero.
  @Test func medianIsZero() {
    #expect(StudentT.quantile(0.5, degreesOfFreedom: 3) == 0)
  }
}
