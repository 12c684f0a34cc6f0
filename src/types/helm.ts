/** What a template of a chart decides by a value. */
export type HelmCondition =
  | { kind: "value"; path: string[] }
  | { kind: "equals"; path: string[]; text: string }
  | { kind: "not"; of: HelmCondition }
  | { kind: "and" | "or"; of: HelmCondition[] }
  | { kind: "unknown" };

/** One `required "message" .Values.a.b`. Offsets are UTF-16 code units. */
export interface HelmRequired {
  /** `["a", "b"]`. */
  path: string[];
  /** What must hold for the place to be rendered, from the outside in. */
  when: HelmCondition[];
  /** Inside a `define`: rendered only where something includes it. */
  defined: boolean;
  start: number;
  end: number;
}

/** One `fail "message"`: where it is rendered, the install stops. Offsets are UTF-16 code units. */
export interface HelmFail {
  /** As for `required`. */
  when: HelmCondition[];
  /** Name of the `define` around it; null outside of every one. */
  define: string | null;
  /** Range of the innermost condition's action, or of the `fail` itself. */
  start: number;
  end: number;
}

/** The values that a template cannot be rendered without. */
export interface HelmTemplate {
  required: HelmRequired[];
  fails: HelmFail[];
  /** Named templates that are included outside of every condition, and by which `define` (null for none). */
  includes: { name: string; define: string | null }[];
  lineStarts: number[];
}
