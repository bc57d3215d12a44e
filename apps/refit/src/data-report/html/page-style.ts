/** Colours follow the reader's light or dark; nothing is loaded from anywhere. */
export const pageStyle = `
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1b2330;--soft:#667085;--line:#e4e7ec;--fill:#5b7fde;--fill-soft:#e7edfb;--was:#e07a2f;--good:#1a7f4b;--good-soft:#e3f4ea;--warn:#9a6700;--warn-soft:#fdf1d3;--fail:#c0362c;--fail-soft:#fce8e6}
@media(prefers-color-scheme:dark){:root{--page:#12161d;--card:#1a202a;--ink:#e6e9ef;--soft:#98a2b3;--line:#2b3340;--fill:#7d9cf0;--fill-soft:#263355;--was:#f0a060;--good:#5fcf93;--good-soft:#16311f;--warn:#e8b84a;--warn-soft:#3a2f12;--fail:#f28b82;--fail-soft:#3f1d1a}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:14px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1280px;margin:0 auto;padding:40px 28px 64px}
h1{font-size:26px;line-height:1.25;margin:0 0 4px;letter-spacing:-.01em;overflow-wrap:anywhere}h2{font-size:17px;margin:40px 0 4px}h3{font-size:14px;margin:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.path,.note{color:var(--soft);margin:0 0 14px;overflow-wrap:anywhere}
.facts{display:flex;flex-wrap:wrap;gap:10px;margin:18px 0 0;padding:0;list-style:none}
.facts li{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:8px 14px}.facts b{display:block;font-size:17px;font-weight:600}.facts span{color:var(--soft);font-size:12px}
.verdict{margin:26px 0 0;border-radius:12px;padding:16px 20px;border:1px solid transparent}.verdict.pass{background:var(--good-soft);color:var(--good)}.verdict.fail{background:var(--fail-soft);color:var(--fail)}
.verdict strong{font-size:17px}.verdict span{opacity:.85;margin-left:8px}
.anomalies{list-style:none;margin:14px 0 0;padding:0}.anomalies li{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--soft);border-radius:8px;padding:10px 14px;margin:0 0 8px;display:flex;gap:12px;justify-content:space-between;align-items:baseline}
.anomalies li.failure{border-left-color:var(--fail)}.anomalies li.warning{border-left-color:var(--warn)}.anomalies code{color:var(--soft);font-size:11px;white-space:nowrap}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:12px}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:8px 14px;border-top:1px solid var(--line);vertical-align:middle}thead th{border:0;color:var(--soft);font-size:12px;font-weight:500}tbody th{font-weight:600}.number{text-align:right;white-space:nowrap}
.chip,.badge{display:inline-block;border-radius:99px;padding:1px 9px;font-size:12px;white-space:nowrap;background:var(--line);color:var(--soft)}.badge{background:var(--fill-soft);color:var(--fill)}
.chip.good{background:var(--good-soft);color:var(--good)}.chip.warning{background:var(--warn-soft);color:var(--warn)}.chip.failure{background:var(--fail-soft);color:var(--fail)}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(380px,1fr));gap:16px;align-items:start}
.gauge div{position:relative;width:130px;height:8px;border-radius:4px;background:var(--line)}.gauge span{display:block;height:100%;border-radius:4px;background:var(--fill)}.gauge span.warning{background:var(--warn)}.gauge span.failure{background:var(--fail)}.gauge i{position:absolute;top:-3px;width:1px;height:14px;background:var(--soft)}
.tools{display:flex;flex-wrap:wrap;gap:10px;align-items:center;margin:8px 0 14px}.tools input,.tools select{font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:7px 12px}.tools input{min-width:240px}
.legend{margin-left:auto;color:var(--soft);display:flex;gap:16px;font-size:12px}.legend i{display:inline-block;width:14px;height:10px;border-radius:2px;background:var(--fill);margin-right:6px}.legend i.was{background:none;border-top:2px solid var(--was);height:0;vertical-align:middle}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(284px,1fr));gap:16px}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:14px 16px 12px;min-width:0;break-inside:avoid}.card.failure{border-color:var(--fail)}.card.warning{border-color:var(--warn)}.card[hidden]{display:none}
.card header{display:flex;justify-content:space-between;gap:10px;align-items:baseline;margin-bottom:10px}
figure{margin:0}.histogram{display:block;width:100%;height:92px;overflow:visible}.histogram rect{fill:var(--fill)}.histogram .hit{fill:transparent}.bar:hover rect:not(.hit){opacity:.7}.histogram .reference{fill:none;stroke:var(--was);stroke-width:1.6;vector-effect:non-scaling-stroke}
figcaption{display:flex;justify-content:space-between;gap:8px;color:var(--soft);font-size:11px;border-top:1px solid var(--line);padding-top:3px}
.categories{list-style:none;margin:0;padding:0;min-height:112px}.categories li{position:relative;display:flex;justify-content:space-between;gap:8px;padding:0 6px;margin-bottom:3px;font-size:12px;line-height:20px;border-radius:3px}
.categories .fill{position:absolute;inset:0 auto 0 0;background:var(--fill-soft);border-radius:3px}.categories .was{position:absolute;top:1px;bottom:1px;width:2px;margin-left:-1px;background:var(--was)}.categories .name,.categories .share{position:relative;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.categories .share{color:var(--soft)}
.missing{height:4px;border-radius:2px;background:var(--line);margin:10px 0 8px;overflow:hidden}.missing span{display:block;height:100%;background:var(--warn)}
dl{margin:0;font-size:12px}dl div{display:flex;justify-content:space-between;gap:12px}dt{color:var(--soft)}dd{margin:0;text-align:right;overflow-wrap:anywhere}
footer{margin-top:48px;color:var(--soft);font-size:12px}
@media print{.tools{display:none}body{background:#fff}main{max-width:none;padding:0}}
`;

/** Finds columns by name, and those that something was found about. */
export const pageScript = `
const search=document.querySelector('#search'),only=document.querySelector('#only'),cards=[...document.querySelectorAll('.card')];
const filter=()=>cards.forEach((card)=>{card.hidden=!card.dataset.name.includes(search.value.toLowerCase())||(only.value==='found'&&Number(card.dataset.severity)<2)});
search?.addEventListener('input',filter);only?.addEventListener('change',filter);
`;
