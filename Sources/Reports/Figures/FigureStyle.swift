/// The style of everything inside figures, in the page and in files of their own.
enum FigureStyle {
  /// The rules for a document that is a figure alone: fonts, and the light colours.
  static var standalone: String {
    let fonts =
      "svg{font-family:Inter,Helvetica,Arial,sans-serif;font-variant-numeric:tabular-nums}"
    let titles = ".ground{fill:#fff}.subject{fill:$dim}.finding{font-weight:600;font-size:14px}"
    return fonts + Palette.withLightColours(compact(rules) + titles)
  }

  /// The rules, a line each.
  static let rules = """
    svg text{fill:$ink;font-size:12.5px}
    svg .tick{font-size:12px;fill:$dim}
    svg .tick.strong{fill:$ink;font-weight:600}
    svg .axis{font-size:12px;fill:$dim}
    svg .note{font-size:11px;fill:$dim}
    svg .label{font-size:12px}
    svg .dim{fill:$dim;font-size:12px;font-weight:400}
    .grid{stroke:$grid}
    .axisline{stroke:$dim;stroke-width:1}
    .minor{stroke:$rule}
    .chance{stroke:$dim;stroke-dasharray:2 3;stroke-width:1}
    .reference{stroke:$dim;stroke-dasharray:4 3}
    .halo{paint-order:stroke;stroke:$bg;stroke-width:4px;stroke-linejoin:round}
    .tile{fill:$c}
    .tint{fill:$c;fill-opacity:.22}
    .plain{fill:$none}
    .stripe{stroke:$stripe;stroke-width:1.1;fill:none}
    .hatch{opacity:.38}
    .hollow{fill:none;stroke:$c;stroke-width:1.3}
    .out{fill:$dim;opacity:.5}
    .absent{fill:none;stroke:$absent;stroke-dasharray:3 4}
    svg .name{font-weight:650;font-size:13px}
    svg .value{font-size:13px}
    svg .small{font-size:11.5px}
    svg .mark{font-size:12.5px;font-weight:700}
    svg text.on{fill:$o}
    .narrow .name{font-size:11.5px}
    .narrow .value{font-size:11.5px}
    .narrow .mark{font-size:11px}
    .line{fill:none;stroke:$c;stroke-width:2;stroke-linejoin:round}
    .band{fill:$c;fill-opacity:.15}
    .dot{fill:$c;stroke:$bg;stroke-width:1}
    .dot.off{fill-opacity:.42;stroke:none}
    .leader{fill:none;stroke:$c;stroke-width:1;opacity:.7}
    .front{fill:none;stroke:$dim;stroke-width:1.3}
    .target{fill:transparent;stroke:none}
    .whisker{stroke-width:2;stroke:$dim}
    .whisker.fit{stroke:$focus}
    .whisker.rule{stroke:$ink}
    .score{fill:$dim}
    .score.fit{fill:$focus}
    .score.rule{fill:$ink}
    svg .rowname .name{font-weight:450;font-size:13.5px}
    svg .rowname .strong{font-weight:680}
    .good{fill:$good}
    .bar{fill:$focus;fill-opacity:.45}
    .heat{fill:$focus;fill-opacity:0;stroke:$rule}
    .heat1{fill-opacity:.12}
    .heat2{fill-opacity:.3}
    .heat3{fill-opacity:.45}
    .heat4{fill-opacity:1}
    svg .onheat{fill:$bg}
    .specificity{fill:$dim;fill-opacity:.12}
    svg .v-supported{fill:$supported;stroke:$supported}
    svg path.v-refuted{stroke:$refuted;stroke-width:2.2;fill:none;stroke-linecap:round}
    svg circle.v-refuted{fill:$refuted;stroke:$refuted}
    svg circle.v-undecided{fill:$bg;stroke:$undecided;stroke-width:1.6}
    svg line.v-supported{stroke-width:1;opacity:.65}
    svg line.v-refuted{stroke:$refuted;stroke-width:1;opacity:.65}
    svg line.v-undecided{stroke:$undecided;stroke-width:1;opacity:.65}
    """

  /// The rules without line breaks.
  static func compact(_ rules: String) -> String { rules.replacing("\n", with: "") }
}
