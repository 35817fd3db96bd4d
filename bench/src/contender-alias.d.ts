/** Whichever contender the page is bundled for: `bundle.ts` says. */
declare module '#contender' {
  export const contender: import('./contender.ts').Contender
}
// Their types bring another version of those of Node along.
declare module 'pouchdb-browser'
declare module 'pouchdb-find'
