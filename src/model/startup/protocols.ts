import type { StartupObservation, StartupObservationKind } from "../../types/startup.ts";
import type { StartupWorld } from "../startup.ts";

export function protocolObservations(
  _: StartupWorld,
): ReadonlyMap<StartupObservationKind, readonly StartupObservation[]> {
  return new Map();
}
