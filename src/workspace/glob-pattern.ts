import picomatch from "picomatch";

/** More stars than this make a pattern's regular expression slow on hostile paths. */
const MAX_STARS = 16;
const MAX_LENGTH = 1024;

/** A test of paths against one glob without its leading `!`; one too complex to be matched safely matches nothing. */
export function compileGlob(pattern: string): (path: string) => boolean {
  const stars = pattern.split("*").length - 1;
  if (stars > MAX_STARS || pattern.length > MAX_LENGTH) return () => false;
  return picomatch(pattern, { dot: true, noextglob: true, nonegate: true });
}
