const e=require("./main.js");let t;const n=()=>t??=require("./yaml.js");let r=require("node:fs"),i=require("node:path");const a=`.github/workflows/predeploy.yml`;function o({builds:e,files:t}){return`# What predeploy cannot see by itself. Every key is optional; \`predeploy rules\` lists what is checked.
version: 1

# Files that are never read; backup copies (*.bak, backups/**) are left out anyway.
# ignore: [legacy/**]
${[s(e),u(t),d(t)].filter(e=>e!==``).join(``)}
# Severity, options, or off, by rule or family.
# rules: { dockerignore/pattern-unmatched: off }
`}function s({builds:e}){let t={};for(let{name:n,dockerfile:r,context:i}of e)r.kind===`file`&&i.kind!==`unknown`&&(t[n]??={dockerfile:r.path,context:i.path===``?`.`:i.path,requires:[]});return Object.keys(t).length===0?``:`\n# Images as they were found. \`requires\`: paths that must be in the image, whatever the code imports.\n${f({images:t})}`}const c=/(?:^|[/._-])(staging|stage|stg|production|prod|live)(?=[/._-]|$)/i,l={stage:`staging`,stg:`staging`,prod:`production`,live:`production`};function u(e){let t={};for(let{path:n,ignored:r}of e.entries){let e=c.exec(n)?.[1]?.toLowerCase();if(e===void 0||r||!/(\.(env|ya?ml|json|tfvars|toml|properties)|(^|\/)\.env[\w.-]*)$/.test(n)||n.startsWith(`.github/`))continue;let{files:i}=t[l[e]??e]??={files:[]};i.length<8&&i.push(n)}return Object.keys(t).length===0&&(t.staging={files:[`deploy/staging/**`]}),`\n# What is deployed where. \`files\`: deployed as they are; \`deployed\`: what runs there now; \`inventory\`: the secrets that exist there.\n${f({environments:Object.fromEntries(Object.entries(t).sort(([e],[t])=>e<t?-1:1).map(([e,t])=>[e,{branch:`main`,...t}]))})}`}function d(e){let t=e.entries.map(e=>e.path).filter(e=>/(deploy[^/]*checklist|runbook|release[^/]*plan)[^/]*\.md$/i.test(e));return t.length===0?``:`\n# Checklists whose boxes must be ticked before a release.\n${f({checklist:t.slice(0,5).map(e=>({file:e}))})}`}const f=e=>n().r(e,{lineWidth:120}).replace(/^(?=.)/gm,`# `);function p(t,n){let s=/* @__PURE__ */ new Map,c=[],l=e.Un.find(e=>(0,r.existsSync)((0,i.join)(t,e)));return l===void 0?s.set(e.Un[0],o(n)):c.push(l),(0,r.existsSync)((0,i.join)(t,`.github/workflows/predeploy.yml`))?c.push(a):s.set(a,`# Checks what a pull request would ship. Filter inside predeploy.yml, never with \`paths:\` here:
# a required check that a filter skips stays pending for ever.
name: predeploy
on:
  pull_request:
  merge_group:
permissions:
  contents: read
jobs:
  predeploy:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@v7
        with:
          fetch-depth: 0 # branches are compared; 2 is enough when the drift rules are off
          persist-credentials: false
      - uses: predeploy/predeploy@v1
`),{writes:s,kept:c}}async function m({workspace:t,config:n,options:r},i,a,o){let{files:s,linkTarget:c,noteUnread:l}=t,u=e.v({files:s,config:n,options:r,workspace:t,environment:a,linkTarget:c,noteUnread:l},e.xn(t),o??(()=>{}));u.give(`files`,s),u.give(`config`,n);let d={};for(let e of i){let t=await u.outcome(e);if(`missing`in t)return t;d[e]=t.model}return d}async function h(t,n){let r=e.u(t,n,{failOn:`error`,online:!1}),a=await m(await e.p(r),[`builds`,`files`],t.environment,void 0);if(`missing`in a)return r.notice(`${a.missing} ${a.remedy}`),e.i.undecided;let o=(0,i.resolve)(t.cwd,n),{writes:s,kept:c}=p(o,a);for(let[n,r]of s)e.r(o,n,r),t.stdout.write(`wrote ${n}\n`);for(let n of c)t.stdout.write(`kept  ${e.kr(n)}: it is there already\n`);return e.i.pass}exports.runInit=h;