import ignore from "ignore";

/** What a .gitignore-like file says of one path. */
export interface GitignoreAnswer {
  /** 1-based. */
  line: number;
  pattern: string;
}

/**
 * A test by the rules of .gitignore (also those of .gcloudignore), case sensitive. Paths are relative to the file's directory.
 * Gives the deciding line of a path that is left out, else null.
 */
export function gitignoreMatcher(lines: readonly string[]): (path: string) => GitignoreAnswer | null {
  const rules = ignore({ ignorecase: false, allowRelativePaths: true });
  for (const [index, pattern] of lines.entries()) {
    try {
      rules.add({ pattern, mark: String(index + 1) });
    } catch {
      // A pattern that cannot be compiled matches nothing, as in git.
    }
  }
  return (path) => {
    const { ignored, rule } = rules.test(path);
    return ignored && rule ? { line: Number(rule.mark), pattern: rule.pattern } : null;
  };
}
