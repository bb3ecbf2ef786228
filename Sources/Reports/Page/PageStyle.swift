/// The style of a page, without the figures' own.
enum PageStyle {
  /// All rules of a page, with the colours of both themes.
  static var text: String {
    Palette.rules
      + Palette.withVariables(
        FigureStyle.compact(rules) + FigureStyle.compact(FigureStyle.rules)
          + FigureStyle.compact(marks) + FigureStyle.compact(LayoutStyle.narrow)
          + FigureStyle.compact(LayoutStyle.print))
  }

  private static let rules = """
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%;color-scheme:light dark}
    @media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
    body{margin:0;background:$bg;color:$ink;font:16px/1.55 Inter,system-ui,-apple-system,
    "Segoe UI",Roboto,"Noto Sans",Helvetica,Arial,sans-serif;
    font-variant-numeric:tabular-nums;print-color-adjust:exact;-webkit-print-color-adjust:exact}
    main,footer{max-width:1160px;margin:0 auto;padding:0 24px}
    .skip{position:absolute;left:-999px}
    .skip:focus{left:16px;top:12px;background:$bg;padding:6px 12px;z-index:3}
    header{padding-top:56px}
    h1{font-size:clamp(28px,4.2vw,46px);line-height:1.12;letter-spacing:-.022em;
    margin:6px 0 14px;font-weight:700;text-wrap:balance;overflow-wrap:anywhere}
    h2{font-size:clamp(20px,2.3vw,27px);line-height:1.25;letter-spacing:-.014em;
    margin:2px 0 8px;font-weight:650;text-wrap:balance;max-width:31em;overflow-wrap:anywhere}
    h3{font-size:17px;margin:34px 0 8px}
    .panel h3{font-size:14.5px;line-height:1.35;font-weight:600;margin:0 0 6px}
    .panel h3 span{display:block;color:$dim;font-weight:500}
    .lead{font-size:18px;color:$dim;margin:0 0 26px;max-width:46em;overflow-wrap:anywhere}
    .warning{border-left:4px solid $refuted;padding:6px 14px;margin:0 0 22px;max-width:50em}
    .kicker{color:$dim;font-size:14px;font-weight:550;margin:0;overflow-wrap:anywhere}
    .sub{color:$dim;margin:0 0 16px;max-width:54em;font-size:15px}
    .sub b{color:$ink;font-weight:600}
    .dim,small{color:$dim}
    small{font-size:13px;font-weight:400}
    .footnote{color:$dim;font-size:13.5px;margin:10px 0 0;max-width:56em}
    a{color:$focus}
    code{font:.92em/1.4 ui-monospace,"SF Mono",SFMono-Regular,Menlo,"DejaVu Sans Mono",
    Consolas,monospace;overflow-wrap:anywhere}
    section{padding:46px 0 4px}
    figure{margin:0}
    .cards{list-style:none;margin:0;padding:0;display:grid;
    grid-template-columns:repeat(auto-fit,minmax(245px,1fr));gap:14px}
    .cards li{background:$card;border-radius:10px;padding:16px 18px 17px;
    border-top:3px solid $ink;overflow-wrap:anywhere}
    .cards b{display:block;font-size:22px;letter-spacing:-.01em;margin-bottom:5px;font-weight:680}
    .cards span{font-size:14.5px;line-height:1.5;display:block}
    nav{display:flex;flex-wrap:wrap;gap:6px 20px;margin-top:26px;font-size:14.5px}
    .key{list-style:none;padding:0;margin:0 0 14px;display:flex;flex-wrap:wrap;gap:5px 22px;
    font-size:14px}
    .key li{display:flex;align-items:center;gap:6px}
    .key code{font-weight:600}
    .swatch{flex:none;vertical-align:-2px;margin-right:6px}
    .key .swatch{margin:0}
    svg.fig{display:block;width:100%;height:auto;overflow:visible;font-family:inherit}
    svg.fig.wide{max-width:1112px}
    svg.narrow{display:none}
    .panels{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(300px,100%),1fr));
    gap:30px 28px}
    .panel{display:grid;grid-row:span 2;grid-template-rows:subgrid;row-gap:0;
    max-width:400px;min-width:0}
    .panel h3{align-self:end;overflow-wrap:anywhere}
    .howto{font-size:14px;color:$dim;padding:0 6px}
    .howto p{margin:0 0 10px}
    table{border-collapse:collapse;width:100%;font-size:14.5px}
    th,td{text-align:left;padding:7px 14px 7px 0;border-bottom:1px solid $rule;
    vertical-align:middle}
    thead th{color:$dim;font-weight:500;font-size:13px;vertical-align:bottom}
    .n{text-align:right}
    thead th.n,td.n{padding-right:14px}
    td.n:last-child,th.n:last-child{padding-right:0}
    tbody th{font-weight:600}
    tbody th small{display:block}
    .verdicts td{white-space:nowrap}
    .verdicts .plot{padding:0 14px 0 0;width:306px}
    svg.fig.strip{width:300px}
    .chip{display:inline-block;border-radius:99px;padding:1px 10px 1px 8px;font-size:13px;
    font-weight:600;border:1px solid currentColor;white-space:nowrap}
    .chip.v-supported{color:$supported}
    .chip.v-refuted{color:$refuted}
    .chip.v-undecided,.chip.v-not-measured{color:$undecided}
    .count{display:inline-block;min-width:2.5em;font-weight:600}
    .count.zero{color:$faint;font-weight:400}
    .scroll{overflow-x:auto}
    .definitions{position:absolute}
    details{margin-top:14px;font-size:14px}
    summary{cursor:pointer;color:$focus;width:max-content;max-width:100%}
    details .scroll{max-height:420px;overflow:auto;border:1px solid $rule;border-radius:8px;
    padding:0 12px}
    .data{font-size:13px}
    .data td,.data th{padding:4px 14px 4px 0}
    .data thead th{position:sticky;top:0;background:$bg}
    footer{margin-top:64px;border-top:1px solid $rule;padding-top:26px;padding-bottom:56px;
    font-size:14px}
    footer h2{font-size:19px}
    dl{display:grid;grid-template-columns:1fr 1fr;gap:8px 44px;margin:12px 0}
    dl div{display:grid;grid-template-columns:86px 1fr;gap:10px}
    dt{color:$dim}
    dd{margin:0;min-width:0;overflow-wrap:anywhere}
    """

  /// What pointing at marks changes.
  private static let marks = """
    #tip{position:fixed;z-index:4;width:max-content;max-width:min(340px,calc(100vw - 16px));
    background:$ink;color:$bg;font-size:13px;line-height:1.4;
    padding:7px 10px;border-radius:7px;pointer-events:none;
    box-shadow:0 3px 14px rgb(0 0 0/.22);overflow-wrap:anywhere}
    :focus-visible{outline:2px solid $focus;outline-offset:3px;border-radius:4px}
    .hot.at .tile:first-of-type,.hot.at .tint,.hot.at .plain,.hot.at .dot,.hot.at .score{
    stroke:$ink;stroke-width:2}
    .hot.at .target{fill:$focus;fill-opacity:.08}
    .series{transition:opacity .12s}
    .dimmed{opacity:.14}
    """
}
