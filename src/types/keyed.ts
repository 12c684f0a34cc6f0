/** A file of keys and values (TOML, properties, ini, XML) as one flat list. Offsets are UTF-16 code units into the file. */
export interface KeyedFile {
  /** In text order. */
  values: KeyedValue[];
  errors: { message: string; offset: number }[];
  lineStarts: number[];
}

export interface KeyedValue {
  /**
   * Keys and indexes from the root. TOML: tables, array indexes, dotted keys. ini: section, then key; a key before any section stands alone.
   * properties: the key, undivided. XML: element names, then `@name` for an attribute; a repeated element has no index.
   */
  path: (string | number)[];
  /** Quotes, escapes and entities undone; for TOML numbers, booleans and dates as written. */
  text: string;
  /** True for a text; false for TOML's other values. */
  string: boolean;
  /** Range of the value inside its quotes. */
  start: number;
  end: number;
  /** Range of the key (of the element's name for an XML text); empty for an item of an array. */
  keyStart: number;
  keyEnd: number;
}
