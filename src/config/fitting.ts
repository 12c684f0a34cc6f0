import published from "../../schema/predeploy.schema.json" with { type: "json" };
import type { Config } from "./schema.ts";

/** The words of JSON Schema that schema/predeploy.schema.json is written in; a test holds it to them. */
interface Shape {
  not?: Shape;
  anyOf?: Shape[];
  const?: unknown;
  enum?: unknown[];
  type?: string | string[];
  default?: unknown;
  minLength?: number;
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  items?: Shape;
  minItems?: number;
  properties?: Record<string, Shape>;
  required?: string[];
  dependentRequired?: Record<string, string[]>;
  additionalProperties?: Shape | boolean;
}

/** Stands for what does not plainly fit: no text of YAML is one. */
const UNFIT = Symbol("unfit");

/**
 * What configSchema makes of `value`, defaults and the order of keys included, where the published schema says that it fits; else null, and
 * configSchema is to be asked whether it does and what is wrong. Loading zod and making the schema costs a short run a tenth of its time, and
 * nearly every run has a config that fits; what ajv writes ahead for this schema is 120 KB, which costs as much.
 */
export function fittingConfig(value: unknown): Config | null {
  const config = fitted(published as unknown as Shape, value);
  return config === UNFIT ? null : (config as Config);
}

function fitted(shape: Shape, value: unknown): unknown {
  const { type } = shape;
  const alternatives =
    type === "object"
      ? null
      : (shape.anyOf ?? (Array.isArray(type) ? type.map((one) => ({ ...shape, type: one })) : null));
  if (alternatives) {
    for (const one of alternatives) {
      const result = fitted(one, value);
      if (result !== UNFIT) return result;
    }
    return UNFIT;
  }
  if (shape.const !== undefined && value !== shape.const) return UNFIT;
  if (shape.enum && !shape.enum.includes(value)) return UNFIT;
  if (type === "array") return fittedArray(shape, value);
  if (type === "object") return fittedObject(shape, value);
  return fitsScalar(shape, value) ? value : UNFIT;
}

function fitsScalar(shape: Shape, value: unknown): boolean {
  switch (shape.type) {
    case undefined:
      return shape.not === undefined;
    case "string": {
      if (typeof value !== "string" || value.length < (shape.minLength ?? 0)) return false;
      // What a format without a pattern allows is said by the schema's own code.
      return shape.pattern === undefined ? shape.format === undefined : new RegExp(shape.pattern).test(value);
    }
    case "number":
    case "integer": {
      if (typeof value !== "number" || !Number.isFinite(value)) return false;
      if (shape.type === "integer" && !Number.isInteger(value)) return false;
      return value >= (shape.minimum ?? value) && value <= (shape.maximum ?? value);
    }
    default:
      return shape.type === typeof value;
  }
}

function fittedArray({ items = {}, minItems = 0 }: Shape, value: unknown): unknown {
  if (!Array.isArray(value) || value.length < minItems) return UNFIT;
  const results = value.map((one) => fitted(items, one));
  return results.includes(UNFIT) ? UNFIT : results;
}

function fittedObject(shape: Shape, value: unknown): unknown {
  const { properties = {}, required = [], additionalProperties, anyOf = [{}], dependentRequired = {} } = shape;
  // A tag of YAML makes a Date, Map, Set or bytes.
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return UNFIT;
  const given = value as Record<string, unknown>;
  const hasAll = (keys: readonly string[] = []): boolean => keys.every((key) => Object.hasOwn(given, key));
  if (!anyOf.some((one) => hasAll(one.required))) return UNFIT;
  if (Object.entries(dependentRequired).some(([key, others]) => hasAll([key]) && !hasAll(others))) return UNFIT;
  const result: Record<string, unknown> = {};
  for (const [key, shape] of Object.entries(properties)) {
    const one = Object.hasOwn(given, key) ? given[key] : shape.default;
    if (one !== undefined) result[key] = fitted(shape, one);
    if (result[key] === UNFIT || (one === undefined && required.includes(key))) return UNFIT;
  }
  for (const key of Object.keys(given)) {
    if (Object.hasOwn(properties, key)) continue;
    if (typeof additionalProperties !== "object" || key === "__proto__") return UNFIT;
    result[key] = fitted(additionalProperties, given[key]);
    if (result[key] === UNFIT) return UNFIT;
  }
  return result;
}
