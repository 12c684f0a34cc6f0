import type { PyExpression, PyStatement } from "../../types/python.ts";
import { isEnviron, namesOf, type Reader, type Scope } from "./reader.ts";
import { CONSTANT, dotted } from "./syntax.ts";
import { mentioned } from "./tests.ts";
import { testNames } from "./variables.ts";

/** Names of what holds the settings of a whole project, and of the modules that do. */
const SETTINGS_NAME = /^(?:settings|config|conf|cfg)$/;
/** Modules with one name whose `env` is a reader of django-environ or its kin. */
const OWN_READERS = /^(?:settings|config|conf|env|environment|base|common|utils?|core|environ|environs|envparse)$/;
const SETTINGS_MODULE = /(?:^|\.)(?:settings|config|conf|env|environment|constants)(?:\.|$)/;

/** What an import makes of the names that read the environment. */
export function imported(one: Extract<PyStatement, { kind: "import" | "from" }>, reader: Reader): void {
  if (one.kind === "import") {
    for (const { name, alias } of one.names) {
      if (SETTINGS_NAME.test(alias ?? name)) reader.settings.set(alias ?? name, null);
      if (name === "os") reader.os.add(alias ?? "os");
      if (name === "environ" || name === "environs") reader.os.add(`${alias ?? name}#reader`);
    }
    return;
  }
  for (const { name, alias } of one.names) {
    if (SETTINGS_NAME.test(alias ?? name) || (SETTINGS_MODULE.test(one.module) && CONSTANT.test(name)))
      reader.settings.set(alias ?? name, null);
    if (one.module === "os" && name === "environ") reader.environ.add(alias ?? name);
    if (one.module === "os" && name === "getenv") reader.getenv.add(alias ?? name);
    if (
      (one.module === "decouple" || one.module === "starlette.config") &&
      (name === "AutoConfig" || name === "Config")
    )
      reader.os.add(`${alias ?? name}#decouple`);
    if (one.module === "decouple" && name === "config") reader.decouple.add(alias ?? name);
    if ((one.module === "environ" || one.module === "environs") && name === "Env")
      reader.os.add(`${alias ?? name}#class`);
    // An `env` of another settings module, by name or by star; what a library calls so may be anything.
    const isOurs = one.level > 0 || one.module.includes(".") || OWN_READERS.test(one.module);
    if ((name === "env" && isOurs) || (name === "*" && (one.level > 0 || /settings/.test(one.module))))
      reader.readers.add("env");
  }
}

/** `env = environ.Env(DEBUG=(bool, False))`: a reader, and the names that its scheme gives a default. */
export function constructed(target: PyExpression | undefined, value: PyExpression | undefined, reader: Reader): void {
  if (!target || value?.kind !== "call") return;
  const callee = dotted(value.callee);
  const name = dotted(target);
  if (callee === null || name === null) return;
  const isEnv =
    reader.os.has(`${callee}#class`) ||
    (/\.(?:Env|FileAwareEnv)$/.test(callee) && reader.os.has(`${callee.slice(0, callee.lastIndexOf("."))}#reader`));
  if (reader.os.has(`${callee}#decouple`) && callee !== "config") reader.decouple.add(name);
  if (!isEnv) return;
  reader.readers.add(name);
  for (const { name: key, value: scheme } of value.keywords)
    if (key !== null && scheme.kind === "tuple" && scheme.items.length > 1) reader.result.provided.push(key);
}

/** `env = os.environ`: one more name of the environment, until it is given something else. */
export function aliased(target: PyExpression, value: PyExpression, reader: Reader): void {
  if (target.kind !== "name") return;
  if (isEnviron(value, reader)) reader.environ.add(target.name);
  else reader.environ.delete(target.name);
}

/** `os.environ["X"] = …`: the code gives the variable itself. */
export function assigned(target: PyExpression, scope: Scope, reader: Reader): void {
  if (target.kind !== "subscript" || !isEnviron(target.object, reader)) return;
  for (const name of namesOf(target.indexes[0], scope)) reader.result.provided.push(name);
}

/** Keeps what a name is set to where the environment decides it, by the value or by the branch that sets it. */
export function settingOf(target: PyExpression, value: PyExpression, scope: Scope, reader: Reader): void {
  if (target.kind !== "name") return;
  const again = reader.settings.has(target.name);
  if (again || scope.when !== null) reader.settings.set(target.name, null);
  else if (mentioned(value, testNames(reader)).length > 0) reader.settings.set(target.name, value);
}
