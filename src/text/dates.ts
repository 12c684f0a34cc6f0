/** Beyond these JavaScript has no date; a hostile commit may name any second. */
const LAST_SECOND = 8_640_000_000_000;

/** ISO 8601 in UTC, of seconds since the epoch; what lies outside the calendar is clamped to its end. */
export function isoDate(seconds: number): string {
  const inside = Number.isFinite(seconds) ? Math.min(Math.max(seconds, -LAST_SECOND), LAST_SECOND) : 0;
  return new Date(inside * 1000).toISOString();
}
