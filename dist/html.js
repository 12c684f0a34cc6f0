let e;const t=()=>e??=require("./reports-seldom.js"),n=require("./main.js");let r;const i=()=>r??=require("./text-report.js"),a={error:"Error",warning:"Warning",note:"Note"},o=2e3;function s(e,t){let r=n.aa(e.findings),i=r.slice(0,o),a=r.slice(o).reduce((e,t)=>e+t.findings.length,0),s=e.undecided.length>0||e.unread.length>0?[m(e,t)]:[],l=[c(e,t),"<main id=\"report\">",...e.verdict==="fail"?[]:s,...u(i,n.oa(e),t),...e.verdict==="fail"?s:[],...a>0?[`<p class="left">${n.da(a,"more finding")} had no room on this page; the JSON report holds all.</p>`]:[],...h(e,t),"</main>",`<footer>predeploy ${n.ya(t.version)}</footer>`];return`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>predeploy: ${n.ya(e.verdict)}</title>
<style>
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1b1f24;--soft:#59636e;--line:#d9dee4;--code:#f3f5f7;--link:#0550ae;
--error:#b3261e;--error-soft:#fbe3e1;--warning:#855000;--warning-soft:#fdefcf;--note:#0b5c8a;--note-soft:#dceffa;--pass:#1a6b34;--undecided:#6639a6}
@media (prefers-color-scheme:dark){:root{--page:#0f1317;--card:#171c22;--ink:#e6eaee;--soft:#9ba6b2;--line:#2c343d;--code:#11161b;--link:#79b8ff;
--error:#ff8a80;--error-soft:#4d1c1a;--warning:#f0b84c;--warning-soft:#44310b;--note:#76c7f2;--note-soft:#12394f;--pass:#63d084;--undecided:#c9a4ff}}
*{box-sizing:border-box}
body{overflow-wrap:anywhere;margin:0 auto;max-width:68rem;padding:1.5rem 1rem 3rem;background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
code,pre,.rule{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.875em}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.5rem}
a{color:var(--link)}:focus-visible{outline:3px solid var(--link);outline-offset:2px}
header{background:var(--card);border:1px solid var(--line);border-top:.4rem solid var(--tone);border-radius:.6rem;padding:1rem 1.25rem;margin-bottom:1.75rem}
header.pass{--tone:var(--pass)}header.fail{--tone:var(--error)}header.undecided{--tone:var(--undecided)}
.name{margin:0;color:var(--soft);font-size:.875rem}
h1{margin:.1rem 0 .8rem;font-size:1.35rem;line-height:1.3}
.badge{text-transform:uppercase;letter-spacing:.04em;color:var(--tone)}.sentence{font-weight:500}
.counts{display:flex;flex-wrap:wrap;gap:.4rem 1.6rem;list-style:none;margin:0;padding:0}
.counts strong{font-size:1.3rem;color:var(--tone)}.counts .none,.counts .none strong{color:var(--soft)}
.error{--tone:var(--error);--tint:var(--error-soft)}.warning{--tone:var(--warning);--tint:var(--warning-soft)}.note{--tone:var(--note);--tint:var(--note-soft)}.undecided{--tone:var(--undecided);--tint:var(--line)}
h2{font-size:1.1rem;margin:1.75rem 0 .6rem;color:var(--tone)}
.count{font-weight:400;color:var(--soft)}
article{background:var(--card);border:1px solid var(--line);border-left:.3rem solid var(--tone);border-radius:.5rem;padding:.8rem 1.1rem;margin:0 0 .8rem}
h3{font-size:1rem;font-weight:600;line-height:1.45;margin:0 0 .25rem}
h3 code,p code,li code{background:var(--code);padding:.05em .3em;border-radius:.25rem}
p{margin:.35rem 0}.where{display:flex;flex-wrap:wrap;gap:.2rem 1rem;align-items:baseline}
code.place{background:none;padding:0}code.place span,.rule,.until{color:var(--soft)}.where>*{min-width:0}
pre{margin:.4rem 0;padding:.5rem .8rem;background:var(--code);border:1px solid var(--line);border-radius:.35rem;overflow-x:auto;font-size:.875rem;line-height:1.6}
pre code{font-size:1em}
pre::before{content:attr(data-line);display:inline-block;min-width:2.2em;margin-right:1em;text-align:right;color:var(--soft)}
mark{background:var(--tint,var(--line));color:inherit;border-bottom:2px solid var(--tone);border-radius:.15rem .15rem 0 0;padding:.1em 0}
.related{margin:.6rem 0 0;padding-left:.9rem;border-left:2px solid var(--line)}
.fix{margin-top:.6rem}.safety{display:inline-block;border:1px solid var(--line);border-radius:1rem;padding:0 .55em;font-size:.8rem;color:var(--soft)}
details{margin:.5rem 0}summary{cursor:pointer;color:var(--link)}details ul{margin:.4rem 0;padding-left:1.4rem}
.help,footer,.left{color:var(--soft);font-size:.875rem}.help code{background:none;padding:0}
footer{margin-top:2rem}
@media print{body{background:#fff;max-width:none}article{break-inside:avoid}}
</style>
</head>
<body>
<a class="skip" href="#report">Skip to the report</a>
${l.join("\n")}
</body>
</html>
`}function c(e,t){let r=n.oa(e),i=["error","warning","note"].map(e=>`<li class="${e}${r[e]===0?" none":""}"><strong>${r[e]}</strong> ${e}${r[e]===1?"":"s"}</li>`),a=n.ma(e);return a>0&&i.push(`<li class="undecided"><strong>${a}</strong> undecided</li>`),t.older&&i.push(`<li class="none"><strong>${t.older}</strong> older, not shown</li>`),r.suppressed>0&&i.push(`<li class="none"><strong>${r.suppressed}</strong> suppressed</li>`),`<header class="${e.verdict}">
<p class="name">predeploy</p>
<h1><span class="badge">${n.ya(e.verdict)}</span> <span class="sentence">${n.ya(l(e))}</span></h1>
<ul class="counts" aria-label="${n.ya(n.sa(e,t))}">${i.join("")}</ul>${t.checked?`\n<p class="checked">Checked: ${n.ya(t.checked)}.</p>`:""}
</header>`}function l(e){return e.verdict==="pass"?n.oa(e).error>0?"What was found does not fail this run.":"Nothing was found that would stop the deploy.":e.verdict==="fail"?"What is about to ship needs mending first.":"Not everything could be decided."}function u(e,t,n){return["error","warning","note"].flatMap(r=>{let i=e.filter(e=>e.severity===r);return i.length===0?[]:[`<section class="${r}" aria-labelledby="${r}s">
<h2 id="${r}s">${a[r]}s <span class="count">${t[r]}</span></h2>
${i.map(e=>d(e,n)).join("\n")}
</section>`]})}function d(e,r){let{lead:i}=e,a=t().i(r,i),o=a.rules.get(i.rule)?.title,s=n.la(e),c=[`<h3>${t().o(n.ha(i.message,4e3))}</h3>`,`<p class="where">${f(i.at,a)} <span class="rule"${o===void 0?"":` title="${n.ya(n.ha(o,300))}"`}>${n.ya(n.ha(i.rule,200))}</span></p>`,p(i.at,a)];for(let e of(i.related??[]).slice(0,8))c.push(`<div class="related"><p>${f(e,a)} ${t().o(n.ha(e.message,1e3))}</p>${p(e,a)}</div>`);let l=(i.related??[]).length-8;if(l>0&&c.push(`<p class="left">and ${n.da(l,"other related place")}</p>`),i.fix!==void 0&&c.push(`<p class="fix"><strong>Fix</strong> <span class="safety">${i.fix.safety}</span> ${t().o(n.ha(i.fix.title,1e3))}</p>`),s.length>0){let e=s.slice(0,100).map(e=>`<li><code>${n.ya(n.ha(e,300))}</code></li>`);s.length>100&&e.push(`<li>and ${s.length-100} more</li>`),c.push(`<details><summary>${s.length} more here</summary><ul>${e.join("")}</ul></details>`)}return c.push(`<p class="help"><code>${n.ya(n.ha(i.help,300))}</code></p>`),`<article>\n${c.filter(e=>e!=="").join("\n")}\n</article>`}function f(e,r){let i=n.fa(r,e.path),a=`<code class="place">${n.ya(n.ha(i,1e3))}<span>:${e.start.line}:${e.start.column}</span></code>`;return r.source?`<a href="${n.ya(`${r.source}/${t().c(i)}#L${e.start.line}`)}" rel="noreferrer">${a}</a>`:a}function p(e,t){let r=t.lines(e.path,e.start.line);if(r===null)return"";let{before:a,inside:o,after:s,until:c}=i().n(r,e,160),[l=" ",...u]=o===""?s:[o],d=o===""?u.join(""):s,f=c===null?"":`<span class="until"> to line ${c}</span>`;return`<pre tabindex="0" role="group" aria-label="line ${e.start.line}" data-line="${e.start.line}"><code>${n.ya(a)}<mark>${n.ya(l)}</mark>${n.ya(d)}${f}</code></pre>`}function m(e,r){let i=e.undecided.slice(0,o).map(({rule:e,reason:r,remedy:i})=>`<article>\n<h3>${t().o(n.ha(r,2e3))}</h3>\n<p class="where"><span class="rule">${n.ya(n.ha(e,200))}</span></p>\n<p class="fix"><strong>To decide it</strong> ${t().o(n.ha(i,2e3))}</p>\n</article>`),a=e.unread.slice(0,o).map(({path:e,reason:i})=>`<li><code class="place">${n.ya(n.ha(n.fa(r,e),1e3))}</code> ${t().o(n.ha(i,1e3))}</li>`),s=a.length===0?"":`<details class="unread"><summary>${n.da(e.unread.length,"file")} not read</summary><ul>${a.join("")}</ul></details>`;return`<section class="undecided" aria-labelledby="undecided">
<h2 id="undecided">Could not be decided <span class="count">${i.length+a.length}</span></h2>
${[...i,s].filter(e=>e!=="").join("\n")}
</section>`}function h(e,r){if(!r.showSuppressed||e.suppressed.length===0)return[];let i=e.suppressed.slice(0,o).map(({finding:e,by:i,reason:a})=>`<li>${f(e.at,r)} <span class="rule">${n.ya(n.ha(e.rule,200))}</span> ${i}: ${t().o(n.ha(a,1e3))}</li>`);return[`<details class="suppressed"><summary>${n.da(e.suppressed.length,"finding")} suppressed</summary><ul>${i.join("")}</ul></details>`]}exports.renderHtml=s;