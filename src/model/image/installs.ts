import { absolute } from "../../text/paths.ts";
import type { ImagePath } from "../../types/entry.ts";
import type { Image, RunStep } from "../../types/image.ts";

/** Options of pip and uv pip that take the next word; what follows them is no distribution. */
const VALUED =
  /^(?:-[rctfi]|--(?:requirement|requirements|constraint|target|prefix|root|find-links|index-url|extra-index-url|index|default-index|cache-dir|platform|python|python-version|implementation|abi|progress-bar|log|proxy|timeout|retries|trusted-host|src|extra|group|override|build-constraint))$/;

/** How one command installs a distribution of the repository. */
type Install =
  /** It copies the sources, or it is not known how. */
  | { kind: "copied" }
  /** The sources stay where they are, and their directories go on sys.path. */
  | { kind: "editable"; projects: Project[] };

/** What is installed editable. */
interface Project {
  /** Directory of the project, as the command writes it. */
  path: string;
  /** Members of uv's workspace to install: `all`, one by its name, or the project itself (null). */
  member: "all" | { name: string } | null;
  /** Whether it is installed though its pyproject.toml says nothing of a build. */
  always: boolean;
}

/** A project that a RUN installs editable. */
export interface EditableInstall extends Project {
  run: RunStep;
  path: ImagePath;
}

/**
 * Whether a RUN installs the repository's own distribution: its packages are then found through site-packages, whatever
 * sys.path[0] is. `pip install .`, `-e ./x`, `uv sync`, `poetry install`, `setup.py develop`; in any stage that the image stands on.
 */
export function installsProject(image: Pick<Image, "runs">): boolean {
  return image.runs.some((run) => run.needed && commandsOf(run).some((command) => installOf(command) !== null));
}

/**
 * Projects whose sources the image imports from where they lie. None where some RUN installs or builds a copy too: what is imported is
 * then in site-packages, as it was when that ran.
 */
export function editableInstalls(image: Pick<Image, "runs">): EditableInstall[] {
  const found: EditableInstall[] = [];
  for (const run of image.runs) {
    if (!run.needed) continue;
    let directory = run.workdir;
    const settled = ["UV_NO_EDITABLE", "UV_NO_INSTALL_PROJECT", "UV_NO_INSTALL_WORKSPACE", "UV_NO_INSTALL_LOCAL"];
    const isOff = settled.some((name) => run.environment.has(name) || run.text.includes(name));
    for (const command of commandsOf(run)) {
      const to = /^\s*(?:\(\s*)?(?:cd|pushd)\s+["']?([^\s"']+)/.exec(command)?.[1];
      if (to !== undefined) {
        directory = directory === null || /[$`~]/.test(to) ? null : absolute(directory, to);
        continue;
      }
      if (BUILDS.test(command)) return [];
      const install = installOf(command);
      if (install === null) continue;
      if (install.kind === "copied" || isOff || directory === null) return [];
      for (const project of install.projects) {
        if (/[$`~]/.test(project.path)) return [];
        found.push({ ...project, run, path: absolute(directory, project.path) });
      }
    }
  }
  return found;
}

/** Makes a wheel, which another command or stage may install. */
const BUILDS = /\b(?:pip[\d.]*\s+wheel|(?:uv|poetry|pdm|hatch|flit|rye|maturin)\s+build|-m\s+build|bdist_wheel)\b/;

function commandsOf(run: RunStep): string[] {
  return run.text.replace(/\\\r?\n/g, " ").split(/&&|\|\||[;|\n]/);
}

function installOf(command: string): Install | null {
  const copied: Install = { kind: "copied" };
  if (/\.pth\b|\bsetup\.py\s+(?:install|develop|bdist_wheel)\b/.test(command)) return copied;
  const words = command.split(/[\s"']+/).filter((word) => word !== "" && word !== "\\");
  const directory = (...names: string[]) => optionIn(words, names) ?? ".";
  if (/\bpoetry\s+(?:[\w-]+\s+)*?(?:install|sync)\b/.test(command)) {
    if (/--no-root\b/.test(command)) return null;
    return editable({ path: directory("-C", "--directory", "-P", "--project"), member: null, always: false });
  }
  if (/\b(?:pdm|rye|hatch|flit|pixi)\s+(?:install|sync)\b/.test(command)) {
    if (/--no-self\b|--no-root\b/.test(command)) return null;
    if (!/\bpdm\b/.test(command) || /--no-editable\b/.test(command)) return copied;
    return editable({ path: directory("-p", "--project"), member: null, always: false });
  }
  if (/\buv\s+(?:[^\s]+\s+)*?sync\b/.test(command)) {
    if (/--no-install-(?:project|workspace|local)\b/.test(command)) return null;
    if (/\buv\s+pip\b/.test(command) || /--no-editable\b|--script\b|--no-install-package\b/.test(command))
      return copied;
    const name = optionIn(words, ["--package"]);
    const member = /--all-packages\b/.test(command) ? "all" : name === null ? null : { name };
    return editable({ path: directory("--directory", "--project"), member, always: false });
  }
  const pip = /\b(pip[\d.]*|pipx|pipenv)["']?\s+(?:-\S+\s+)*install\b(.*)$/s.exec(command);
  return pip ? pipInstall(pip[1] ?? "", pip[2] ?? "") : null;
}

function pipInstall(tool: string, text: string): Install | null {
  const words = text.split(/[\s"']+/).filter((word) => word !== "" && word !== "\\");
  const projects: Project[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const flag = /^(?:-e|--editable)=?(.*)$/.exec(word);
    if (VALUED.test(word)) at++;
    // A release of this very repository may be what is fetched.
    else if (/^(?:git|hg)\+|#egg=/.test(word)) return { kind: "copied" };
    else if (flag) {
      const path = flag[1] || (words[++at] ?? "");
      if (!/:\/\//.test(path)) projects.push({ path: path.replace(/\[.*$/, ""), member: null, always: true });
    } else if (!word.startsWith("-") && isPath(word)) return { kind: "copied" };
  }
  if (projects.length === 0) return null;
  return tool.startsWith("pip") && tool !== "pipx" && tool !== "pipenv"
    ? { kind: "editable", projects }
    : { kind: "copied" };
}

function editable(project: Project): Install {
  return { kind: "editable", projects: [project] };
}

/** Value of an option, attached by `=` or in the next word. */
function optionIn(words: readonly string[], names: readonly string[]): string | null {
  for (const [index, word] of words.entries()) {
    for (const name of names) {
      if (word === name) return words[index + 1] ?? null;
      if (word.startsWith(`${name}=`)) return word.slice(name.length + 1);
    }
  }
  return null;
}

/** A directory or a built distribution, rather than a name in an index. */
function isPath(word: string): boolean {
  if (/:\/\/|^git\+/.test(word)) return false;
  return /^[./~$]|\/|\.whl$|\.tar\.gz$/.test(word);
}
