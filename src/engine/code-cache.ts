import { readdirSync, readFileSync } from "node:fs";
import { Module } from "node:module";
import { basename, dirname, join } from "node:path";
import { Script } from "node:vm";

/** What Node's loader calls for each file that it read; not among its types. */
export interface CompilingModule extends NodeJS.Module {
  _compile(text: string, path: string, format?: string): unknown;
}

/** The folder of the bundle that holds what this process can take: V8's version names its patches, and so the builds that are alike. */
export const codeCacheFolder = ({ platform, arch, versions }: NodeJS.Process): string =>
  join("code-cache", `${platform}-${arch}-${versions.v8}`);

/**
 * A file of the bundle for V8, as Node's loader has it; none of them asks for anything by `import()`.
 * @param name stands in stack traces
 * @param cachedData from `createCachedData` of the same text
 */
export const scriptOf = (text: string, name: string, cachedData?: Buffer): Script =>
  new Script(Module.wrap(text), { filename: name, cachedData });

/** Runs such a file as the module that it is, at its path. */
export function runAs(module: NodeJS.Module, path: string, script: Script): unknown {
  const require = (id: string): unknown => module.require(id);
  return script.runInThisContext().call(module.exports, module.exports, require, module, path, dirname(path));
}

/**
 * Has V8 take what it compiled of the bundle when that was built, where there is a cache for this very V8: compiling is half of a short run.
 * V8 refuses what another version, other flags or another snapshot made, and compiles as ever. Node's own `module.enableCompileCache` knows
 * only what is on the machine from an earlier run, and no function that was called after its file was loaded. Takes the place of Node's
 * `Module.prototype._compile`, as v8-compile-cache does (https://github.com/zertosh/v8-compile-cache).
 * @param bundle the folder of the bundle
 * @returns whether there is a cache
 */
export function compileFromCache(bundle: string): boolean {
  const folder = join(bundle, codeCacheFolder(process));
  const names = filesIn(folder);
  if (names.size === 0) return false;
  const prototype = Module.prototype as CompilingModule;
  const { _compile: compile } = prototype;
  prototype._compile = function (text, path, format) {
    const name = `${basename(path, ".js")}.bin`;
    if (!names.has(name) || dirname(path) !== bundle) return compile.call(this, text, path, format);
    const cachedData = readFileSync(join(folder, name));
    return runAs(this, path, scriptOf(text, path, cachedData));
  };
  return true;
}

function filesIn(folder: string): Set<string> {
  try {
    return new Set(readdirSync(folder));
  } catch {
    return new Set();
  }
}
