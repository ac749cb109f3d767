// What web/package.mjs puts in place of these names.
declare module 'inside:*.mjs' {
  const factory: import('../engine/loaders').Factory;
  export default factory;
}
declare module 'inside:*.js' {
  const script: string;  // of a Worker, all in one
  export default script;
}
declare module 'part:*' {
  const base64: string;  // of gzip
  export default base64;
}
