import type { Related } from "../../types/finding.ts";
import type { StartupStep } from "../../types/startup.ts";
import type { Location } from "../../types/text.ts";

/** More steps of one chain than this are left out in the middle. */
const shownSteps = 6;

/** A chain of calls as related places, outermost first. */
export function chainPlaces(steps: readonly StartupStep[], label: string): Related[] {
  const places = steps.map((step): Related => ({ ...step.at, message: `${label}: calls ${step.name}` }));
  if (places.length <= shownSteps) return places;
  return [...places.slice(0, shownSteps / 2), ...places.slice(-shownSteps / 2)];
}

/** `app/main.py:12`. */
export const placeText = (at: Location): string => `${at.path}:${at.start.line}`;

/** The name in a selector: `call connect_db` is `connect_db`. */
export const selectorName = (text: string): string => text.replace(/^\w+\s+/, "");
