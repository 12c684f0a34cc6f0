import type { Image } from "../../types/image.ts";

/** Options of pip and uv pip that take the next word; what follows them is no distribution. */
const VALUED =
  /^(?:-[rctfi]|--(?:requirement|requirements|constraint|target|prefix|root|find-links|index-url|extra-index-url|index|default-index|cache-dir|platform|python|python-version|implementation|abi|progress-bar|log|proxy|timeout|retries|trusted-host|src|extra|group|override|build-constraint))$/;

/**
 * Whether a RUN installs the repository's own distribution: its packages are then found through site-packages, whatever
 * sys.path[0] is. `pip install .`, `-e ./x`, `uv sync`, `poetry install`, `setup.py develop`; in any stage that the image stands on.
 */
export function installsProject(image: Pick<Image, "runs">): boolean {
  return image.runs.some((run) => run.needed && run.text.split(/&&|\|\||[;|\n]/).some(installs));
}

function installs(command: string): boolean {
  if (/\.pth\b|\bsetup\.py\s+(?:install|develop|bdist_wheel)\b/.test(command)) return true;
  if (/\bpoetry\s+(?:[\w-]+\s+)*?(?:install|sync)\b/.test(command)) return !/--no-root\b/.test(command);
  if (/\b(?:pdm|rye|hatch|flit|pixi)\s+(?:install|sync)\b/.test(command))
    return !/--no-self\b|--no-root\b/.test(command);
  if (/\buv\s+(?:[^\s]+\s+)*?sync\b/.test(command)) return !/--no-install-(?:project|workspace)\b/.test(command);
  const pip = /\b(?:pip[\d.]*|pipx|pipenv)["']?\s+(?:-\S+\s+)*install\b(.*)$/s.exec(command);
  if (!pip) return false;
  const words = (pip[1] ?? "").split(/[\s"']+/).filter((word) => word !== "" && word !== "\\");
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (VALUED.test(word)) at++;
    else if (/^(?:-e|--editable)/.test(word)) return !/:\/\//.test(`${word} ${words[at + 1] ?? ""}`);
    else if (!word.startsWith("-") && isPath(word)) return true;
  }
  return false;
}

/** A directory or a built distribution, rather than a name in an index. */
function isPath(word: string): boolean {
  if (/:\/\/|^git\+/.test(word)) return false;
  return /^[./~$]|\/|\.whl$|\.tar\.gz$/.test(word);
}
