/// The rules of a page for narrow screens and for paper.
enum LayoutStyle {
  static let narrow = """
    @media screen and (max-width:720px){
    main,footer{padding-left:16px;padding-right:16px}
    header{padding-top:30px}
    body{font-size:15.5px}
    section{padding-top:38px}
    svg.fig.wide{display:none}
    svg.fig.narrow{display:block;max-width:460px}
    .key{flex-direction:column;gap:5px}
    .key li{display:block;line-height:1.4}
    .key .swatch{margin-right:5px}
    .key .dim{font-size:13.5px}
    dl{grid-template-columns:1fr}
    dl div{grid-template-columns:74px 1fr}
    .verdicts thead{position:absolute;left:-9999px}
    .verdicts,.verdicts tbody,.verdicts tr,.verdicts th,.verdicts td{display:block;border:0;
    padding:0}
    .verdicts tr{border-bottom:1px solid $rule;padding:12px 0}
    .verdicts td{display:flex;justify-content:space-between;align-items:center;gap:12px;
    margin-top:5px;text-align:right;white-space:normal}
    .verdicts td::before{content:attr(data-label);color:$dim;font-size:13px;text-align:left}
    .verdicts .plot{width:auto;display:block;padding:0}
    .verdicts .plot::before{display:block}
    svg.fig.strip{width:100%}}
    """

  static let print = """
    @page{size:A4;margin:13mm}
    @media print{
    nav,.skip,details,.howto{display:none}
    body{font-size:10pt}
    main,footer{max-width:none;padding-left:0;padding-right:0}
    header{padding-top:0}
    section{padding-top:22px}
    h2,.sub,.kicker{break-after:avoid;break-inside:avoid}
    .panel,tr,.cards li,svg.wide,.key,dl div{break-inside:avoid}
    .panels{grid-template-columns:repeat(3,1fr);gap:14px}
    .panel h3{font-size:11.5px}
    .cards{grid-template-columns:repeat(4,1fr);gap:8px}
    .cards li{padding:9px 10px}
    .cards b{font-size:15px}
    .cards span,.lead,.sub,.footnote,table,footer{font-size:9pt}
    h1{font-size:24pt}
    h2{font-size:14pt}
    .verdicts,.verdicts small{font-size:8pt}
    .verdicts tbody th{min-width:34mm}
    .verdicts .plot{width:46mm;padding-right:3mm}
    svg.fig.strip{width:44mm}
    .chip{font-size:7.5pt;padding:0 6px}
    .count{min-width:2.1em}
    th,td{padding:3px 6px 3px 0}
    .scroll{overflow:visible}
    .key{flex-direction:row;gap:2px 12px;font-size:8.5pt}
    footer{margin-top:24px;padding-bottom:0}}
    """
}
