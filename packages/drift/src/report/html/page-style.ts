import { type Markup, markup } from "./markup.ts";

/** The style of the page: all of it, for the page's policy allows no other, not even in attributes. */
export function pageStyle(): Markup {
  return markup`:root{color-scheme:light dark;--ink:#1a1f26;--soft:#56606c;--line:#dde1e6;--ground:#f6f7f9;--card:#fff;--reference:#aab3be;--current:#0a58ca;--minor:#eceff3;--drift:#b3261e;--invalid:#7a3e9d;--data:#7a5200;--stable:#1b6e3c;--link:#0a58ca}
@media (prefers-color-scheme:dark){:root{--ink:#e7eaee;--soft:#a3adb9;--line:#333b45;--ground:#12161b;--card:#1a1f26;--reference:#5f6b79;--current:#8ab6ff;--minor:#262d36;--drift:#ff8f85;--invalid:#d3a4f2;--data:#f0c36a;--stable:#7fd19b;--link:#8ab6ff}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-behavior:smooth}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:break-word}
bdi,.reason,.formula,.evidence small,h1,p,li{overflow-wrap:anywhere}
main{max-width:70rem;margin:0 auto;padding:1.75rem 1.25rem 3rem}
h1,h2,h3,h4,p,dl,dd,ul,fieldset,table{margin:0}
h1{font-size:1.5rem;line-height:1.25;letter-spacing:-.01em;margin-bottom:1rem}
h2{font-size:1.0625rem;line-height:1.3;margin-bottom:.5rem}
h3{font-size:1rem;line-height:1.35;display:inline}
h4{font-size:.8125rem;font-weight:600;color:var(--soft);margin-bottom:.35rem}
small{font-size:.75rem;font-weight:400;color:var(--soft)}
td small,tbody th small,dd small{display:block;line-height:1.35;margin-top:.1rem}
a{color:var(--link);text-underline-offset:.15em;text-decoration-thickness:1px}
:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:2px}
main>section,main>.halves{margin-top:2rem}
.shapes{display:none}
.status{display:inline-flex;align-items:center;gap:.4em;font-weight:600;white-space:nowrap;font-size:.875rem}
.status svg{width:.85em;height:.85em;fill:currentColor;flex:none}
.is-drift{color:var(--drift)}.is-invalid{color:var(--invalid)}.is-not-enough-data{color:var(--data)}.is-stable{color:var(--stable)}
.verdict{background:var(--card);border:1px solid var(--line);border-left:4px solid currentColor;border-radius:.5rem;padding:1.1rem 1.25rem}
.verdict.row-drift{border-left-color:var(--drift)}.verdict.row-invalid{border-left-color:var(--invalid)}.verdict.row-not-enough-data{border-left-color:var(--data)}.verdict.row-stable{border-left-color:var(--stable)}
.statement{font-size:1.125rem;line-height:1.45;max-width:60ch}
.statement .status{font-size:1.125rem;margin-right:.35em}
.sizes{display:flex;flex-wrap:wrap;gap:.6rem 2rem;margin-top:1rem}
.sizes dt{font-size:.75rem;color:var(--soft)}
.sizes dd{font-weight:600}
.halves{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:1.5rem 2.5rem;align-items:start}
.halves p+p{margin-top:.6rem}
.halves>*{min-width:0}
.halves:not(:has(*)){display:none}
p,li,.gates dd{max-width:68ch}
ul{padding-left:1.1rem}
li+li{margin-top:.3rem}
table{border-collapse:collapse;width:100%;font-size:.875rem}
caption{text-align:left;font-size:.8125rem;font-weight:600;color:var(--soft);padding:0 0 .35rem}
th,td{padding:.3rem .75rem .3rem 0;text-align:right;vertical-align:baseline;border-top:1px solid var(--line);white-space:nowrap}
tr>:last-child{padding-right:0}
th{text-align:left;font-weight:400;white-space:normal}
thead th{font-size:.75rem;color:var(--soft);border-top:0;vertical-align:bottom}
thead th+th{text-align:right}
.filter{border:0;padding:0;display:flex;flex-wrap:wrap;align-items:center;gap:.4rem;margin-bottom:1rem}
.filter legend{float:left;padding:0 .4rem 0 0;font-size:.8125rem;color:var(--soft)}
.filter label{display:inline-flex;align-items:center;gap:.35rem;padding:.2rem .65rem;border:1px solid var(--line);border-radius:1rem;background:var(--card);font-size:.8125rem;cursor:pointer}
.filter label:has(:checked){border-color:var(--link);box-shadow:inset 0 0 0 1px var(--link)}
.filter input{margin:0;accent-color:var(--link)}
body:has(#show-drift:checked) :is(tr,.column):is(.row-invalid,.row-not-enough-data,.row-stable),
body:has(#show-invalid:checked) :is(tr,.column):is(.row-drift,.row-not-enough-data,.row-stable),
body:has(#show-not-enough-data:checked) :is(tr,.column):is(.row-drift,.row-invalid,.row-stable),
body:has(#show-stable:checked) :is(tr,.column):is(.row-drift,.row-invalid,.row-not-enough-data){display:none}
.ranking td,.ranking th{vertical-align:middle;padding-top:.25rem;padding-bottom:.25rem}
.ranking :is(th,td):is(:nth-child(2),:nth-child(3),:nth-child(4),:nth-child(6)),.evidence :is(th,td):nth-child(4){text-align:left}
.ranking tbody th{font-weight:600;min-width:7rem}
.ranking a{display:inline-block;padding:.2rem 0}
.ranking td{line-height:1.3}
.ranking tr>:first-child{text-align:right}
.spark{display:block;width:7.5rem;height:1.75rem}
.interval{background:linear-gradient(var(--line),var(--line)) center/92% 1px no-repeat;display:block;width:10rem;height:1.5rem}
.reference{fill:var(--reference)}
.current{fill:none;stroke:var(--current);stroke-width:1.5;vector-effect:non-scaling-stroke}
.bars path{stroke-width:5;stroke:var(--reference);vector-effect:none}.bars .current{stroke:var(--current);stroke-width:5}
.minor{fill:var(--minor)}
.limit{stroke:var(--soft);stroke-dasharray:2 2;fill:none}
.range{stroke:var(--ink);stroke-width:1.5;fill:none}
.point{fill:var(--ink)}
.column{background:var(--card);border:1px solid var(--line);border-radius:.5rem;margin-top:.5rem}
.column>summary{padding:.6rem 1rem;cursor:pointer;display:flex;flex-wrap:wrap;align-items:baseline;gap:.2rem 1rem}
.column>summary::before{content:"";width:.45rem;height:.45rem;border:solid var(--soft);border-width:0 1.5px 1.5px 0;transform:rotate(-45deg);flex:none;align-self:center}
.column[open]>summary::before{transform:rotate(45deg)}
.column>summary::-webkit-details-marker{display:none}
.column>summary .status{margin-left:auto}
.column h3{flex:1 1 8rem;min-width:0}
.body{padding:.25rem 1rem 1.25rem;scroll-margin-top:4rem}
.body>*+*{margin-top:1.25rem}
.reason{max-width:75ch}
.key{display:flex;flex-wrap:wrap;gap:.2rem 1.25rem;font-size:.8125rem;margin-bottom:.5rem}
.key span::before{content:"";display:inline-block;width:1rem;height:.7rem;margin-right:.4rem;background:var(--reference)}
.key .current::before{background:none;border:solid var(--current);border-width:2px 2px 0}
.chart{position:relative;padding-top:.25rem}
.plot{display:block;width:100%;height:8.5rem;border-bottom:1px solid var(--soft);overflow:visible}
.top{position:absolute;right:0;top:-1.1rem;font-size:.75rem;color:var(--soft)}
.ends{display:flex;justify-content:space-between;gap:.5rem;font-size:.75rem;color:var(--soft);max-width:none;padding-top:.2rem}
.few span{flex:1;text-align:center}
.figures{margin:.4rem 0 .8rem;font-size:.8125rem}
.figures summary{cursor:pointer;color:var(--soft)}
.shares{margin-top:.5rem}
.shares tbody th{min-width:5rem;max-width:14rem}
.shares th:nth-child(2){text-align:left}
.bars{width:35%}
.bars svg{display:block;width:100%;min-width:3rem;height:.85rem}
.gates>div+div{margin-top:.5rem}
.gates dt,.glossary dt{font-size:.8125rem;font-weight:600;color:var(--soft)}
.evidence td,.evidence th{vertical-align:top}
.evidence td:nth-child(4){width:12rem}
.evidence,.gates{margin-top:.75rem}
.gates .interval{margin-top:.2rem;width:14rem;height:2.1rem}
.glossary dl{columns:24rem;column-gap:2.5rem;font-size:.875rem}
.glossary div{break-inside:avoid;margin-bottom:.6rem}
@media (max-width:46rem){main{padding:1.25rem 1rem 2rem}.ranking :is(th,td):is(:nth-child(1),:nth-child(4),:nth-child(6),:nth-child(7)),.evidence :is(th,td):nth-child(4),.distances :is(th,td):nth-child(3),.shares :is(th,td):nth-child(5){display:none}.bars{width:18%}.bars svg{min-width:2rem}th,td{padding-right:.5rem}.sizes{gap:.6rem 1.25rem}.ranking .status{white-space:normal}.ranking tbody th{width:46%}.statement,.statement .status{font-size:1rem}.ends:not(.few) span:nth-child(even){display:none}}
@media print{:root{color-scheme:light;--ink:#000;--ground:#fff;--card:#fff}.filter{display:none}body{font-size:10pt}main{max-width:none;padding:0}.column{break-inside:avoid-page;border-color:#999}::details-content{content-visibility:visible;block-size:auto}.figures{display:none}}`;
}
