/** Whichever contender the page is bundled for: `bundle.ts` says. */
declare module '#contender' {
  export const contender: import('./contender.ts').Contender
}
