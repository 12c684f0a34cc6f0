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

/** The values that a template cannot be rendered without. */
export interface HelmTemplate {
  required: HelmRequired[];
  lineStarts: number[];
}
