import type { SettingsField, SettingsNaming } from "../../types/environment-read.ts";
import type { Need } from "../../types/need.ts";
import type { PyClass, PyExpression, PyFunction } from "../../types/python.ts";
import { conditional, type Reader, type Scope } from "./reader.ts";
import { dotted } from "./syntax.ts";

/** `TestSettings`, `LocalSettings`: beside the class of a deploy, for those who work on the code. */
const FOR_DEVELOPERS = /(?:^|[a-z])(?:Tests?|Testing|Dev|Development|Local|Mock|CI)(?=[A-Z]|$)/;

/** Reads a class of pydantic settings, whose fields without a default are required. Gives the methods that are left to read; null for another class. */
export function settingsClass(one: PyClass, scope: Scope, reader: Reader): PyFunction[] | null {
  const line = lineage(one, reader);
  if (line === null) {
    noteBorrowed(one, scope, reader);
    return null;
  }
  noteSettings(one.name.text, line, reader, null, []);
  const options: SettingsOptions = {
    prefix: "",
    caseSensitive: false,
    versionOne: reader.pydanticOne,
    delimiter: null,
    ignoresEmpty: false,
    handled: scope.handled || FOR_DEVELOPERS.test(one.name.text),
  };
  for (const each of [...line].reverse()) settingsOptions(each, options);
  // A base that is used by itself is judged by itself; its fields are those of each class that stands on it.
  const overridden = new Set<string>();
  const isBase = [...reader.classes.values()].some(
    (other) => other !== one && other.bases.some((base) => dotted(base) === one.name.text),
  );
  if (isBase) return [];
  for (const each of line) {
    const own = fieldsOf(each);
    for (const field of own)
      if (!overridden.has(field.name)) settingsField(field, each, "", [], options, scope, reader, 0);
    for (const { name } of own) overridden.add(name);
  }
  return line.flatMap((each) => each.body.filter((member) => member.kind === "function"));
}

/** The class and its bases of this file, nearest first, when the last stands on BaseSettings; else null. */
function lineage(one: PyClass, reader: Reader, depth = 0): PyClass[] | null {
  if (depth > 10) return null;
  for (const base of one.bases) {
    const name = dotted(base) ?? "";
    if (/(?:^|\.)(?:BaseSettings|BaseEnvSettings|PydanticBaseSettings)$/.test(name)) return [one];
    const parent = reader.classes.get(name);
    const rest = parent && parent !== one ? lineage(parent, reader, depth + 1) : null;
    if (rest) return [one, ...rest];
  }
  return null;
}

/** A class on a class that another file may make one of settings: its fields can be told only there. */
function noteBorrowed(one: PyClass, scope: Scope, reader: Reader): void {
  const line = [one];
  for (let last = one; line.length <= 10; last = line.at(-1)!) {
    const names = last.bases.map((base) => dotted(base) ?? "");
    const parent = names.map((name) => reader.classes.get(name)).find((each) => each && !line.includes(each));
    if (parent) {
      line.push(parent);
      continue;
    }
    const base = names.map((name) => importedClass(name, reader)).find((each) => each !== null);
    if (!base || !line.every((each) => each === one || !reader.classes.has(base.name))) return;
    const fields = new Map<string, SettingsField>();
    for (const each of line)
      for (const field of fieldsOf(each)) {
        const shape = shapeOf(field, scope, reader);
        if (shape && !fields.has(field.name)) fields.set(field.name, shape);
      }
    noteSettings(one.name.text, line, reader, base, [...fields.values()]);
    return;
  }
}

/** A field by what it says itself; null for what is none, and for a model, whose own fields count. */
function shapeOf(field: SettingsFieldSyntax, scope: Scope, reader: Reader): SettingsField | null {
  const annotation = reader.text.slice(field.annotation.start, field.annotation.end);
  if (!isField(field.name, annotation) || reader.classes.has(annotation.trim()) || field.annotation === field.target)
    return null;
  const own = fieldOf(field.value);
  const inAnnotation = annotatedField(field.annotation);
  return {
    name: field.name,
    aliases: own.aliases.length > 0 ? own.aliases : (inAnnotation?.aliases ?? []),
    hasDefault: own.hasDefault || inAnnotation?.hasDefault === true || scope.handled,
    nullable: isNullable(annotation),
    atImport: !scope.inFunction,
    start: field.start,
    end: field.end,
  };
}

function noteSettings(
  name: string,
  line: readonly PyClass[],
  reader: Reader,
  base: { name: string; module: string } | null,
  fields: SettingsField[],
): void {
  const said: Partial<SettingsOptions> = {};
  for (const each of [...line].reverse()) settingsOptions(each, said);
  const own: Partial<SettingsNaming> = {
    ...(said.prefix === undefined ? {} : { prefix: said.prefix }),
    ...(said.caseSensitive === undefined ? {} : { caseSensitive: said.caseSensitive }),
    ...(said.ignoresEmpty === undefined ? {} : { ignoresEmpty: said.ignoresEmpty }),
    ...(base === null ? { versionOne: reader.pydanticOne } : {}),
  };
  (reader.result.settings ??= []).push({ name, own, base, fields });
}

/** Where a name was imported from. */
function importedClass(name: string, { file }: Reader): { name: string; module: string } | null {
  for (const one of file.body)
    if (one.kind === "from")
      for (const each of one.names)
        if ((each.alias ?? each.name) === name && name !== "")
          return { name: each.name, module: `${".".repeat(one.level)}${one.module}` };
  return null;
}

interface SettingsOptions {
  prefix: string;
  caseSensitive: boolean;
  versionOne: boolean;
  /** `env_nested_delimiter`. */
  delimiter: string | null;
  /** `env_ignore_empty`. */
  ignoresEmpty: boolean;
  handled: boolean;
}

interface SettingsFieldSyntax {
  name: string;
  target: PyExpression;
  annotation: PyExpression;
  value: PyExpression | null;
  start: number;
  end: number;
}

function fieldsOf(one: PyClass): SettingsFieldSyntax[] {
  return one.body.flatMap((member) =>
    member.kind === "annotated" && member.target.kind === "name"
      ? [
          {
            name: member.target.name,
            target: member.target,
            annotation: member.annotation,
            value: member.value,
            start: member.target.start,
            end: member.target.end,
          },
        ]
      : member.kind === "assign" && member.targets[0]?.kind === "name" && member.targets[0].name !== "model_config"
        ? [
            {
              name: member.targets[0].name,
              target: member.targets[0],
              annotation: member.targets[0],
              value: member.value,
              start: member.start,
              end: member.end,
            },
          ]
        : [],
  );
}

function settingsField(
  field: SettingsFieldSyntax,
  holder: PyClass,
  path: string,
  parents: readonly string[],
  options: SettingsOptions,
  scope: Scope,
  reader: Reader,
  depth: number,
): void {
  const { name } = field;
  const annotation = reader.text.slice(field.annotation.start, field.annotation.end);
  if (!isField(name, annotation)) return;
  const inAnnotation = annotatedField(field.annotation);
  const own = fieldOf(field.value);
  const aliases = own.aliases.length > 0 ? own.aliases : (inAnnotation?.aliases ?? []);
  const hasDefault = own.hasDefault || inAnnotation?.hasDefault === true;
  const written = aliases.length > 0 && path === "" ? aliases : [`${path === "" ? options.prefix : path}${name}`];
  const names = options.caseSensitive ? written : written.map((each) => each.toUpperCase());
  const nullable = options.versionOne && isNullable(annotation);
  const nested = depth < 3 ? reader.classes.get(annotation.trim()) : undefined;
  if (nested && !hasDefault && !nullable) {
    const isSettings = lineage(nested, reader) !== null;
    if (options.delimiter !== null && !isSettings)
      for (const inner of fieldsOf(nested))
        settingsField(
          inner,
          nested,
          `${names[0]}${options.delimiter}`,
          [...parents, names[0]!],
          options,
          scope,
          reader,
          depth + 1,
        );
    if (options.delimiter !== null || isSettings) return;
  }
  const need: Need = hasDefault || nullable || options.handled ? "optional" : "required";
  reader.result.reads.push({
    name: names[0]!,
    need,
    form: `${holder.name.text}.${name}`,
    unless: parents[0] ?? null,
    anyOf: [...names.slice(1)],
    ...(options.ignoresEmpty ? { emptyIsAbsent: true as const } : {}),
    atImport: !scope.inFunction,
    start: field.start,
    end: field.end,
    ...conditional(names[0]!, scope),
  });
}

const isField = (name: string, annotation: string): boolean =>
  !name.startsWith("_") && name !== "model_config" && !/^(?:typing\.)?(?:ClassVar|InitVar)\b/.test(annotation);

const isNullable = (annotation: string): boolean => /\bOptional\[|\|\s*None\b/.test(annotation);

/** `Annotated[str, Field(alias="X")]`. */
function annotatedField(annotation: PyExpression): { aliases: string[]; hasDefault: boolean } | null {
  if (annotation.kind !== "subscript" || !/(?:^|\.)Annotated$/.test(dotted(annotation.object) ?? "")) return null;
  for (const index of annotation.indexes.flatMap((one) => (one.kind === "tuple" ? one.items : [one])))
    if (index.kind === "call" && /(?:^|\.)Field$/.test(dotted(index.callee) ?? "")) return fieldOf(index);
  return null;
}

function settingsOptions(one: PyClass, options: Partial<SettingsOptions>): void {
  const take = (name: string | null, value: PyExpression | null) => {
    if (name === "env_prefix" && value?.kind === "string") options.prefix = value.value;
    if (name === "env_nested_delimiter" && value?.kind === "string") options.delimiter = value.value;
    if (name === "env_ignore_empty" && value?.kind === "constant") options.ignoresEmpty = value.value === true;
    if (name === "case_sensitive" && value?.kind === "constant") options.caseSensitive = value.value === true;
  };
  for (const keyword of one.keywords) take(keyword.name, keyword.value);
  for (const member of one.body) {
    if (member.kind === "class" && member.name.text === "Config")
      for (const inner of member.body)
        if (inner.kind === "assign" && inner.targets[0]?.kind === "name") take(inner.targets[0].name, inner.value);
    const value =
      member.kind === "assign" && member.targets[0]?.kind === "name" && member.targets[0].name === "model_config"
        ? member.value
        : member.kind === "annotated" && member.target.kind === "name" && member.target.name === "model_config"
          ? member.value
          : null;
    if (value?.kind === "call") for (const keyword of value.keywords) take(keyword.name, keyword.value);
    if (value?.kind === "dict")
      for (const entry of value.entries) if (entry.key?.kind === "string") take(entry.key.value, entry.value);
  }
}

/** What `= Field(…)` or a plain default says. Aliases ignore the prefix. */
function fieldOf(value: PyExpression | null): { aliases: string[]; hasDefault: boolean } {
  if (value === null) return { aliases: [], hasDefault: false };
  if (value.kind !== "call" || !/(?:^|\.)Field$/.test(dotted(value.callee) ?? ""))
    return { aliases: [], hasDefault: true };
  const [first] = value.arguments;
  let hasDefault = first !== undefined && !(first.kind === "constant" && first.value === "...");
  const aliases: string[] = [];
  for (const { name, value: given } of value.keywords) {
    if (name === "default" && !(given.kind === "constant" && given.value === "...")) hasDefault = true;
    if (name === "default_factory") hasDefault = true;
    if (name !== "alias" && name !== "validation_alias" && name !== "env") continue;
    if (given.kind === "string") aliases.push(given.value);
    if (given.kind === "call")
      for (const argument of given.arguments) if (argument.kind === "string") aliases.push(argument.value);
    if (given.kind === "list" || given.kind === "tuple" || given.kind === "set")
      for (const item of given.items) if (item.kind === "string") aliases.push(item.value);
  }
  return { aliases, hasDefault };
}
