/** Thrown where a parser is needed that is not loaded yet: await `prepare` and ask again. */
export class Unprepared extends Error {
  readonly prepare: () => Promise<void>;

  constructor(message: string, prepare: () => Promise<void>) {
    super(message);
    this.prepare = prepare;
  }
}
