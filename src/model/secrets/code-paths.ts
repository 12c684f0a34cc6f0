import type { RepoPath } from "../../types/text.ts";
import { isExampleOrTest } from "../path-class.ts";

/** Settings of tools that never run in a deployed process. */
const TOOL_SETTINGS =
  /(?:^|\/)(?:jest|vitest|playwright|cypress|drizzle|eslint|babel|webpack|rollup|tailwind|postcss|prettier|codegen|next|vite|nuxt|astro|svelte|metro|tsup|esbuild|prisma|capacitor|app|wrangler|commitlint|lint-staged|remix|react-router|sst|quasar|vue|craco|karma|wdio|nightwatch|protractor|orval|i18n\w*|release|semantic-release|graphql|changelog|stencil|gatsby[\w-]*|docusaurus|storybook|lint|stylelint|unocss|windi|size-limit|hardhat|truffle[\w-]*)\.config\.[\w.]+$/i;
const NEVER_RUN =
  /(?:^|\/)(?:node_modules|vendor|third_party|site-packages|\.venv|venv|dist|build|\.next|out|coverage|__mocks__|\.github|\.storybook|cypress|playwright|benchmarks?|bench|scripts?|tools?|tooling|hack|\.husky|notebooks?|sandbox|playground|demos?|templates?|spec|specs|storybook|loadtests?|perf|e2e[\w-]*|[\w-]*-e2e|integration[\w-]*tests?|test[\w-]*utils?|seeds?|codemods?|evals?)\//i;
const TEST_NAME =
  /(?:^|\/)(?:test_[^/]*\.py|[^/]*_test\.py|conftest\.py|[^/]*\.(?:test|spec|e2e-spec|e2e|stories|cy|bench|mock|fixture)s?\.[cm]?[jt]sx?|[^/]*\.d\.[cm]?ts|(?:setup|noxfile|fabfile|tasks|gulpfile|gruntfile|knexfile|ormconfig|data-source|vitest\.setup|jest\.setup|setupTests|seed|build|esbuild|rollup)\.[cm]?(?:py|js|ts))$/i;

/** Code that may run in a deployed process, by its place and name alone. */
export function mayRun(path: RepoPath): boolean {
  if (!mayRunIn(path.slice(0, path.lastIndexOf("/") + 1)) || TEST_NAME.test(path)) return false;
  return !/\.config\./i.test(path) || !TOOL_SETTINGS.test(path);
}

/** The same by the folder alone. Paths come sorted, so most stand in the folder of the one before. */
function mayRunIn(folder: string): boolean {
  if (folder !== last.folder) last = { folder, mayRun: !isExampleOrTest(folder) && !NEVER_RUN.test(folder) };
  return last.mayRun;
}

let last = { folder: "", mayRun: true };

export const isPythonCode = (path: RepoPath): boolean => /\.py$/.test(path);
export const isJavascriptCode = (path: RepoPath): boolean => /\.(?:[cm]?[jt]s|[jt]sx)$/.test(path);

export const isGoCode = (path: RepoPath): boolean => /(?<!_test)\.go$/.test(path);

/** Names that every deployed process has, whatever is configured: the system's, and those of the platforms. */
const ALWAYS_THERE =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|PWD|OLDPWD|HOSTNAME|LANG|LC_\w+|TZ|TMPDIR|TMP|TEMP|TERM|COLUMNS|PORT|NODE_ENV|CI|APPDATA|LOCALAPPDATA|USERPROFILE|COMPUTERNAME|XDG_\w+|INIT_CWD|npm_\w+|K_(?:SERVICE|REVISION|CONFIGURATION)|CLOUD_RUN_\w+|FUNCTION_(?:TARGET|SIGNATURE_TYPE|NAME)|GAE_\w+|GOOGLE_CLOUD_PROJECT|GCLOUD_PROJECT|GCP_PROJECT|KUBERNETES_\w+|AWS_(?:REGION|DEFAULT_REGION|EXECUTION_ENV|LAMBDA_\w+|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|CONTAINER_\w+)|ECS_\w+|LAMBDA_\w+|VERCEL(?:_\w+)?|NEXT_(?:RUNTIME|PHASE)|NETLIFY|CF_PAGES\w*|RAILWAY_\w+|RENDER(?:_\w+)?|FLY_\w+|DYNO|HEROKU_\w+|WEBSITE_\w+|GITHUB_\w+|RUNNER_\w+|PYTHON\w+|VIRTUAL_ENV|_|JEST_WORKER_ID|VITEST|PYTEST_CURRENT_TEST|DEBUG|NO_COLOR|FORCE_COLOR|SSH_\w+|DISPLAY|EDITOR|PNPM_HOME|NVM_DIR|NODE_OPTIONS|UV_THREADPOOL_SIZE)$/;

export const isAlwaysThere = (name: string): boolean => ALWAYS_THERE.test(name);

/** Names that a front end's build takes in; at run time nobody asks for them. */
export const isBuildName = (name: string): boolean =>
  /^(?:NEXT_PUBLIC_|VITE_|REACT_APP_|PUBLIC_|NUXT_PUBLIC_|GATSBY_|EXPO_PUBLIC_|VUE_APP_)/.test(name);
