const e=require("./main.js");let t;const n=()=>t??=require("./history.js");let r;const i=()=>r??=require("./yaml.js");let a=require("node:fs"),o=require("node:path");const s=`.github/workflows/predeploy.yml`;function c({builds:e,files:t,branch:n}){return`# What predeploy cannot see by itself. Every key is optional; \`predeploy rules\` lists what is checked.
version: 1

# Files that are never read; backup copies (*.bak, backups/**) are left out anyway.
# ignore: [legacy/**]
${[l(e),f(t,n),p(t)].filter(e=>e!==``).join(``)}
# Severity, options, or off, by rule or family.
# rules: { dockerignore/pattern-unmatched: off }
`}function l({builds:e}){let t={};for(let{name:n,dockerfile:r,context:i}of e)r.kind===`file`&&i.kind!==`unknown`&&(t[n]??={dockerfile:r.path,context:i.path===``?`.`:i.path,requires:[]});return Object.keys(t).length===0?``:`\n# Images as they were found. \`requires\`: paths that must be in the image, whatever the code imports.\n${m({images:t})}`}const u=/(?:^|[/._-])(staging|stage|stg|production|prod|live)(?=[/._-]|$)/i,d={stage:`staging`,stg:`staging`,prod:`production`,live:`production`};function f(e,t){let n={};for(let{path:t,ignored:r}of e.entries){let e=u.exec(t)?.[1]?.toLowerCase();if(e===void 0||r||!/(\.(env|ya?ml|json|tfvars|toml|properties)|(^|\/)\.env[\w.-]*)$/.test(t)||t.startsWith(`.github/`))continue;let{files:i}=n[d[e]??e]??={files:[]};i.length<8&&i.push(t)}return Object.keys(n).length===0&&(n.staging={files:[`deploy/staging/**`]}),`\n# What is deployed where. \`files\`: deployed as they are; \`deployed\`: what runs there now; \`inventory\`: the secrets that exist there.\n${m({environments:Object.fromEntries(Object.entries(n).sort(([e],[t])=>e<t?-1:1).map(([e,n])=>[e,{branch:t,...n}]))})}`}function p(e){let t=e.entries.map(e=>e.path).filter(e=>/(deploy[^/]*checklist|runbook|release[^/]*plan)[^/]*\.md$/i.test(e));return t.length===0?``:`\n# Checklists whose boxes must be ticked before a release.\n${m({checklist:t.slice(0,5).map(e=>({file:e}))})}`}const m=e=>i().r(e,{lineWidth:120}).replace(/^(?=.)/gm,`# `);function h(t,n){let r=/* @__PURE__ */ new Map,i=[],l=e.zn.find(e=>(0,a.existsSync)((0,o.join)(t,e)));if(l===void 0?r.set(e.zn[0],c(n)):i.push(l),(0,a.existsSync)((0,o.join)(t,`.github/workflows/predeploy.yml`)))i.push(s);else if(n.folder===``)r.set(s,`# Checks what a pull request would ship. Filter inside predeploy.yml, never with \`paths:\` here:
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
`);else{let e=`GitHub reads workflows at the root of the repository only; give the Action \`path: ${n.folder}\` there`;return{writes:r,kept:i,left:[[s,e]]}}return{writes:r,kept:i,left:[]}}async function g({workspace:t,config:n,options:r},i,a,o){let{files:s,linkTarget:c,noteUnread:l}=t,u=e.x({files:s,config:n,options:r,workspace:t,environment:a,linkTarget:c,noteUnread:l},e.xn(t),o??(()=>{}));u.give(`files`,s),u.give(`config`,n);let d={};for(let e of i){let t=await u.outcome(e);if(`missing`in t)return t;d[e]=t.model}return d}async function _(t,r){let i=e.u(t,r,{failOn:`error`,online:!1}),a=await g(await e.h(i),[`builds`,`files`],t.environment,void 0);if(`missing`in a)return i.notice(`${a.missing} ${a.remedy}`),e.i.undecided;let s=(0,o.resolve)(t.cwd,r),c={directory:s,environment:t.environment},l=n().p(c).replace(/\/$/,``),{writes:u,kept:d,left:f}=h(s,{...a,branch:v(c),folder:l});for(let[n,r]of u)e.r(s,n,r),t.stdout.write(`wrote ${n}\n`);for(let n of d)t.stdout.write(`kept  ${e.Ir(n)}: it is there already\n`);for(let[n,r]of f)t.stdout.write(`left  ${n}: ${e.Ir(r)}\n`);return e.i.pass}function v(t){let n=e.cr(t,[`for-each-ref`,`--format=%(refname) %(symref)`,`refs/remotes/origin/HEAD`,`refs/heads/main`,`refs/heads/master`]).stdout.toString(`utf8`),[,r]=/^refs\/remotes\/origin\/HEAD refs\/remotes\/origin\/(.+)$/m.exec(n)??[];return r??(/^refs\/heads\/master $/m.test(n)&&!n.includes(`refs/heads/main`)?`master`:`main`)}exports.runInit=_;