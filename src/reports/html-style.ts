/** The page's one style sheet: system fonts, colours of at least 4.5:1 contrast in light and dark, a print form. */
export const htmlStyle = `
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
`;
