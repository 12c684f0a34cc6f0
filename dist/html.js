const e=require("./main.js");let t;const n=()=>t??=require("./text-report.js"),r={error:`Error`,warning:`Warning`,note:`Note`},i=2e3;function a(t,n){let r=e.gr(t.findings),a=r.slice(0,i),s=r.slice(i).reduce((e,t)=>e+t.findings.length,0),l=t.undecided.length>0||t.unread.length>0?[f(t,n)]:[],u=[o(t,n),`<main id="report">`,...t.verdict===`fail`?[]:l,...c(a,e._r(t),n),...t.verdict===`fail`?l:[],...s>0?[`<p class="left">${e.Cr(s,`more finding`)} had no room on this page; the JSON report holds all.</p>`]:[],...p(t,n),`</main>`,`<footer>predeploy ${e.jr(n.version)}</footer>`];return`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>predeploy: ${e.jr(t.verdict)}</title>
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
${u.join(`
`)}
</body>
</html>
`}function o(t,n){let r=e._r(t),i=[`error`,`warning`,`note`].map(e=>`<li class="${e}${r[e]===0?` none`:``}"><strong>${r[e]}</strong> ${e}${r[e]===1?``:`s`}</li>`),a=e.Er(t);return a>0&&i.push(`<li class="undecided"><strong>${a}</strong> undecided</li>`),n.older&&i.push(`<li class="none"><strong>${n.older}</strong> older, not shown</li>`),r.suppressed>0&&i.push(`<li class="none"><strong>${r.suppressed}</strong> suppressed</li>`),`<header class="${t.verdict}">
<p class="name">predeploy</p>
<h1><span class="badge">${e.jr(t.verdict)}</span> <span class="sentence">${e.jr(s(t))}</span></h1>
<ul class="counts" aria-label="${e.jr(e.vr(t,n))}">${i.join(``)}</ul>${n.checked?`\n<p class="checked">Checked: ${e.jr(n.checked)}.</p>`:``}
</header>`}function s(t){return t.verdict===`pass`?e._r(t).error>0?`What was found does not fail this run.`:`Nothing was found that would stop the deploy.`:t.verdict===`fail`?`What is about to ship needs mending first.`:`Not everything could be decided.`}function c(e,t,n){return[`error`,`warning`,`note`].flatMap(i=>{let a=e.filter(e=>e.severity===i);return a.length===0?[]:[`<section class="${i}" aria-labelledby="${i}s">
<h2 id="${i}s">${r[i]}s <span class="count">${t[i]}</span></h2>
${a.map(e=>l(e,n)).join(`
`)}
</section>`]})}function l(t,n){let{lead:r}=t,i=e.Dr(n,r),a=i.rules.get(r.rule)?.title,o=e.xr(t),s=[`<h3>${e.Mr(e.Or(r.message,4e3))}</h3>`,`<p class="where">${u(r.at,i)} <span class="rule"${a===void 0?``:` title="${e.jr(e.Or(a,300))}"`}>${e.jr(e.Or(r.rule,200))}</span></p>`,d(r.at,i)];for(let t of(r.related??[]).slice(0,8))s.push(`<div class="related"><p>${u(t,i)} ${e.Mr(e.Or(t.message,1e3))}</p>${d(t,i)}</div>`);let c=(r.related??[]).length-8;if(c>0&&s.push(`<p class="left">and ${e.Cr(c,`other related place`)}</p>`),r.fix!==void 0&&s.push(`<p class="fix"><strong>Fix</strong> <span class="safety">${r.fix.safety}</span> ${e.Mr(e.Or(r.fix.title,1e3))}</p>`),o.length>0){let t=o.slice(0,100).map(t=>`<li><code>${e.jr(e.Or(t,300))}</code></li>`);o.length>100&&t.push(`<li>and ${o.length-100} more</li>`),s.push(`<details><summary>${o.length} more here</summary><ul>${t.join(``)}</ul></details>`)}return s.push(`<p class="help"><code>${e.jr(e.Or(r.help,300))}</code></p>`),`<article>\n${s.filter(e=>e!==``).join(`
`)}\n</article>`}function u(t,n){let r=e.wr(n,t.path),i=`<code class="place">${e.jr(e.Or(r,1e3))}<span>:${t.start.line}:${t.start.column}</span></code>`;return n.source?`<a href="${e.jr(`${n.source}/${e.Lr(r)}#L${t.start.line}`)}" rel="noreferrer">${i}</a>`:i}function d(t,r){let i=r.lines(t.path,t.start.line);if(i===null)return``;let{before:a,inside:o,after:s,until:c}=n().n(i,t,160),[l=` `,...u]=o===``?s:[o],d=o===``?u.join(``):s,f=c===null?``:`<span class="until"> to line ${c}</span>`;return`<pre tabindex="0" role="group" aria-label="line ${t.start.line}" data-line="${t.start.line}"><code>${e.jr(a)}<mark>${e.jr(l)}</mark>${e.jr(d)}${f}</code></pre>`}function f(t,n){let r=t.undecided.slice(0,i).map(({rule:t,reason:n,remedy:r})=>`<article>\n<h3>${e.Mr(e.Or(n,2e3))}</h3>\n<p class="where"><span class="rule">${e.jr(e.Or(t,200))}</span></p>\n<p class="fix"><strong>To decide it</strong> ${e.Mr(e.Or(r,2e3))}</p>\n</article>`),a=t.unread.slice(0,i).map(({path:t,reason:r})=>`<li><code class="place">${e.jr(e.Or(e.wr(n,t),1e3))}</code> ${e.Mr(e.Or(r,1e3))}</li>`),o=a.length===0?``:`<details class="unread"><summary>${e.Cr(t.unread.length,`file`)} not read</summary><ul>${a.join(``)}</ul></details>`;return`<section class="undecided" aria-labelledby="undecided">
<h2 id="undecided">Could not be decided <span class="count">${r.length+a.length}</span></h2>
${[...r,o].filter(e=>e!==``).join(`
`)}
</section>`}function p(t,n){if(!n.showSuppressed||t.suppressed.length===0)return[];let r=t.suppressed.slice(0,i).map(({finding:t,by:r,reason:i})=>`<li>${u(t.at,n)} <span class="rule">${e.jr(e.Or(t.rule,200))}</span> ${r}: ${e.Mr(e.Or(i,1e3))}</li>`);return[`<details class="suppressed"><summary>${e.Cr(t.suppressed.length,`finding`)} suppressed</summary><ul>${r.join(``)}</ul></details>`]}exports.renderHtml=a;