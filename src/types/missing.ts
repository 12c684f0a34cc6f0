/** What could not be had, why in one sentence, and what to do in one sentence. Each rule that needs it is undecided. */
export interface Missing {
  missing: string;
  remedy: string;
}
